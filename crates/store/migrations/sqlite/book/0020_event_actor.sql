-- Who took a step, by the login: four eyes compare it. '' where nobody was signed in: the platform, a message, and what was
-- done before this column was there.
ALTER TABLE register_event ADD COLUMN actor TEXT NOT NULL DEFAULT '';
