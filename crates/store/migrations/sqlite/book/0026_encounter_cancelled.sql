-- When an encounter was cancelled here: what was in flight at an instant is counted afterwards as well. Of those cancelled
-- before nobody knows it; they count as cancelled at once.
ALTER TABLE encounter ADD COLUMN cancelled_at TEXT;

UPDATE encounter SET cancelled_at = recorded_at WHERE state = 'cancelled';
