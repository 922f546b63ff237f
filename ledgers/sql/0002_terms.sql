-- What the procedure is measured by: working days, settings for what the order leaves open, rates, kinds of aid with
-- their dates of validity, and the deadlines that follow.

-- Days that an order of the government moved, in both directions. A version holds what one file said; for a day the
-- highest version counts, so calendar version n is the state that all files up to n make. Version 0 comes along.
CREATE TABLE esep.calendar_version (
    authority_id integer NOT NULL DEFAULT 0 CHECK (authority_id = 0),
    version integer NOT NULL CHECK (version > 0),
    entry_number bigint NOT NULL,
    basis text NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    PRIMARY KEY (authority_id, version),
    UNIQUE (authority_id, sha256)
);

CREATE TABLE esep.calendar_day (
    authority_id integer NOT NULL DEFAULT 0 CHECK (authority_id = 0),
    version integer NOT NULL,
    day date NOT NULL,
    entry_number bigint NOT NULL,
    is_working boolean NOT NULL,
    is_bank_day boolean NOT NULL,
    basis text NOT NULL,
    PRIMARY KEY (authority_id, version, day),
    FOREIGN KEY (authority_id, version) REFERENCES esep.calendar_version (authority_id, version)
);

-- A reading of the order (AMB-1 to AMB-15) or a limit that it leaves open; book 0 speaks for every authority that says
-- nothing itself. A setting that nobody set has the default of the program.
CREATE TABLE esep.setting_version (
    authority_id integer NOT NULL,
    name text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    ended_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    value text NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (authority_id, name, version),
    FOREIGN KEY (authority_id, name, ended_version) REFERENCES esep.setting_version (authority_id, name, version)
);
CREATE VIEW esep.setting AS
SELECT DISTINCT ON (authority_id, name) * FROM esep.setting_version ORDER BY authority_id, name, version DESC;

-- Monthly calculation index and subsistence minimum by date, in tiyn; rates that came along need no row here.
CREATE TABLE esep.rate_version (
    authority_id integer NOT NULL DEFAULT 0 CHECK (authority_id = 0),
    valid_from date NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    entry_number bigint NOT NULL,
    mrp bigint NOT NULL CHECK (mrp > 0),
    subsistence bigint NOT NULL CHECK (subsistence >= 0),
    basis text NOT NULL,
    PRIMARY KEY (authority_id, valid_from, version)
);
CREATE VIEW esep.rate AS
SELECT DISTINCT ON (valid_from) * FROM esep.rate_version ORDER BY valid_from, version DESC;

-- Where and when a set of rules holds (R-001, R-002): outside of it there are warnings, never a block.
CREATE TABLE esep.rule_set_version (
    authority_id integer NOT NULL DEFAULT 0 CHECK (authority_id = 0),
    code text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    entry_number bigint NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    places text NOT NULL,
    basis text NOT NULL,
    PRIMARY KEY (authority_id, code, version),
    CHECK (valid_from <= valid_to)
);
CREATE VIEW esep.rule_set AS
SELECT DISTINCT ON (code) * FROM esep.rule_set_version ORDER BY code, version DESC;

-- What a kind of aid is beside its name: when it may be decided, how its amount comes about, when it is paid. The
-- amount is mrp_hundredths / 100 times the index of the day that mrp_day names, or fixed_amount (tiyn), or free when
-- both are 0.
CREATE TABLE esep.aid_kind_term (
    authority_id integer NOT NULL,
    code text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    ended_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    mrp_hundredths integer NOT NULL CHECK (mrp_hundredths >= 0),
    fixed_amount bigint NOT NULL CHECK (fixed_amount >= 0),
    mrp_day text NOT NULL CHECK (mrp_day IN ('decision', 'memorial', 'payment')),
    programme text NOT NULL,
    source_system text NOT NULL,
    needs_category boolean NOT NULL,
    -- Windows of days of the month in which the kind is paid, like '5-10,20-25' (AMB-8); empty for any day.
    payment_days text NOT NULL,
    is_active boolean NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (authority_id, code, version),
    FOREIGN KEY (authority_id, code, ended_version) REFERENCES esep.aid_kind_term (authority_id, code, version),
    CHECK (valid_from <= valid_to),
    CHECK (mrp_hundredths = 0 OR fixed_amount = 0),
    CHECK (is_active OR note <> '')
);
CREATE VIEW esep.aid_term AS
SELECT DISTINCT ON (authority_id, code) * FROM esep.aid_kind_term ORDER BY authority_id, code, version DESC;

-- A deadline: the rule that sets it, whose it is (subject), what started it, and the day by the calendar of that time.
-- Another calendar or setting gives an open deadline a new version; the old one stays (AMB-15). Whether and when it was
-- met is no row: it is asked of the facts.
CREATE TABLE esep.deadline (
    authority_id integer NOT NULL,
    rule text NOT NULL,
    subject text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    ended_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    started_by text NOT NULL,
    started_on date NOT NULL,
    nominal date NOT NULL,
    earliest date,
    warn date,
    due date,
    calendar_version integer NOT NULL CHECK (calendar_version >= 0),
    PRIMARY KEY (authority_id, rule, subject, version),
    FOREIGN KEY (authority_id, rule, subject, ended_version)
    REFERENCES esep.deadline (authority_id, rule, subject, version)
);

-- What happened outside of these books and starts or meets a deadline: a register that went to the treasury (P-003), a
-- notice of voluntary return (P-013), an answer on paper.
CREATE TABLE esep.deadline_event (
    authority_id integer NOT NULL,
    rule text NOT NULL,
    subject text NOT NULL,
    event text NOT NULL CHECK (event IN ('started', 'met')),
    entry_number bigint NOT NULL,
    happened_on date NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (authority_id, rule, subject, event)
);
