-- What the interface knows of a line and its amount or supply goes by: the approval of a restricted drug, the line that is
-- returned, the days that a drug lasts. '' where nothing was stated.
ALTER TABLE register_line ADD COLUMN hosp_appr_flag TEXT NOT NULL DEFAULT '';
ALTER TABLE register_line ADD COLUMN init_feedetl_sn TEXT NOT NULL DEFAULT '';
ALTER TABLE register_line ADD COLUMN prd_days TEXT NOT NULL DEFAULT '';
