-- What was decided as 转上级 left an escalation where it was; it is a step of its own now, as the table of steps has it.
UPDATE register_event SET action = 'pass_up'
WHERE action = 'decide' AND state = 'waiting'
  AND number IN (SELECT number FROM register_entry WHERE kind = 'escalation');
