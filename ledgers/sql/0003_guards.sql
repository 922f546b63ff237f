-- The rights of the working role on the views of this version. Its tables get their guards from 0002_guards.sql, which
-- looks for every table that has none.

GRANT SELECT ON esep.crediting_pair, esep.break_state TO esep_worker;
