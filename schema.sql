-- The whole schema of ringcard's store but the index of search, for SQLite and PostgreSQL alike.
-- Ids are UUIDv7 text made by the program; instants are *_ms, milliseconds since 1970 UTC;
-- numbers are in their normal form (E.164 with +, else as dialled); *_key columns are folded.

-- Which schema this is: one row, written by the program.
CREATE TABLE schema_version (
    version BIGINT NOT NULL PRIMARY KEY
);

-- People who sign in. A disabled user keeps his calls and is hidden.
CREATE TABLE user_account (
    id            TEXT   NOT NULL PRIMARY KEY,
    login         TEXT   NOT NULL,
    login_key     TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    role          TEXT   NOT NULL,              -- admin | manager | operator
    password_hash TEXT   NOT NULL,              -- argon2id, PHC string; empty: none yet
    disabled_ms   BIGINT,
    created_ms    BIGINT NOT NULL
);

-- One row a signed-in browser; the cookie's token is kept as its SHA-256 only.
CREATE TABLE session (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    id         TEXT   NOT NULL UNIQUE,          -- by which people name it
    user_id    TEXT   NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    browser    TEXT   NOT NULL,                 -- what it calls itself (User-Agent), or empty
    address    TEXT   NOT NULL,                 -- from where it was used last, or empty
    created_ms BIGINT NOT NULL,
    seen_ms    BIGINT NOT NULL
);
-- Ends all sessions of a user.
CREATE INDEX session_of_user ON session (user_id);

-- What programs prove themselves with; each is a person's, and may do no more than he may.
CREATE TABLE api_token (
    id           TEXT   NOT NULL PRIMARY KEY,
    token_hash   TEXT   NOT NULL UNIQUE,        -- SHA-256, hex
    user_id      TEXT   NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    name         TEXT   NOT NULL,               -- what it is for
    role         TEXT   NOT NULL,
    created_ms   BIGINT NOT NULL,
    expires_ms   BIGINT,                        -- null: valid until somebody ends it
    last_used_ms BIGINT                         -- written once a minute
);
-- Ends all tokens of a user.
CREATE INDEX api_token_of_user ON api_token (user_id);

-- What a person proves himself with beside the password: the secret of an authenticator app.
CREATE TABLE second_factor (
    user_id   TEXT   NOT NULL PRIMARY KEY REFERENCES user_account (id) ON DELETE CASCADE,
    secret    TEXT   NOT NULL,                  -- encrypted, bound to the user
    since_ms  BIGINT,                           -- since when it is asked for; null: its first code is waited for
    used_step BIGINT                            -- whose code was used last: none is good twice
);

-- What does instead of a code, each once.
CREATE TABLE recovery_code (
    user_id   TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,                    -- SHA-256, hex
    PRIMARY KEY (user_id, code_hash)
);

-- The one-time link that makes the first admin: at most one row.
CREATE TABLE setup_link (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    expires_ms BIGINT NOT NULL
);

-- The one-time link with which a person sets the password: at most one a user.
CREATE TABLE invite (
    user_id    TEXT   NOT NULL PRIMARY KEY REFERENCES user_account (id) ON DELETE CASCADE,
    token_hash TEXT   NOT NULL UNIQUE,          -- SHA-256, hex
    expires_ms BIGINT NOT NULL
);

-- The outside systems. Secrets inside settings are encrypted, each bound to this row and its field.
CREATE TABLE integration (
    id         TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,                 -- cloud-pbx | sipsim | uis | mango
    name       TEXT   NOT NULL UNIQUE,
    settings   TEXT   NOT NULL,                 -- JSON
    created_ms BIGINT NOT NULL,
    removed_ms BIGINT                           -- removed ones keep their calls
);

-- What a PBX proves itself with; two are valid while one is being replaced.
CREATE TABLE crm_token (
    token_hash     TEXT   NOT NULL PRIMARY KEY, -- SHA-256, hex
    integration_id TEXT   NOT NULL REFERENCES integration (id) ON DELETE CASCADE,
    created_ms     BIGINT NOT NULL,
    expires_ms     BIGINT,                      -- null: the current one
    last_used_ms   BIGINT                       -- written once a minute
);
-- The tokens of an integration.
CREATE INDEX crm_token_integration ON crm_token (integration_id);

-- Which key file the secrets of integrations are encrypted with: one row, once there was a secret.
CREATE TABLE secret_key (
    id          BIGINT NOT NULL PRIMARY KEY,    -- always 1
    fingerprint TEXT   NOT NULL
);

-- How a person is known to an integration: PBX login, SipSim number, UIS operator number.
CREATE TABLE user_line (
    integration_id TEXT   NOT NULL REFERENCES integration (id) ON DELETE CASCADE,
    account        TEXT   NOT NULL,
    user_id        TEXT   NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    position       BIGINT NOT NULL,             -- 0 is the user's default line
    PRIMARY KEY (integration_id, account)
);
-- The lines of a user.
CREATE INDEX user_line_user ON user_line (user_id);

-- One row a setting that was changed from its default; value is JSON.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Clients and leads.
CREATE TABLE contact (
    id             TEXT   NOT NULL PRIMARY KEY,
    name           TEXT   NOT NULL,
    company        TEXT   NOT NULL,
    email          TEXT   NOT NULL,
    note           TEXT   NOT NULL,
    tags           TEXT   NOT NULL,             -- JSON array of text
    kind           TEXT   NOT NULL,             -- client | lead
    responsible_id TEXT   REFERENCES user_account (id),
    vip            BIGINT NOT NULL,             -- 1: a client who comes first; else 0
    alert          TEXT   NOT NULL,             -- what to know before one answers
    made_by        TEXT,                        -- missed | outgoing: made by automation and untouched since
    created_ms     BIGINT NOT NULL,
    updated_ms     BIGINT NOT NULL,
    talked_ms      BIGINT NOT NULL,             -- when the last talk began; of one never talked to, when it was made
    talk_id        TEXT,                        -- the call of that talk
    same_key       TEXT   NOT NULL              -- folded name and company: who has the same may be the same; or empty
);

-- The list of contacts: whom one talked to last comes first.
CREATE INDEX contact_talked ON contact (talked_ms, id);
-- The leads that nobody has touched, which go after the days that the owner set.
CREATE INDEX contact_untouched ON contact (talked_ms) WHERE made_by IS NOT NULL AND kind = 'lead';

-- Whose e-mail address it is.
CREATE INDEX contact_email ON contact (LOWER(email), id) WHERE email <> '';
-- Who has the same name as somebody else.
CREATE INDEX contact_same ON contact (same_key, id) WHERE same_key <> '';

-- What people changed of a contact: one row a change, the newest of each contact are kept.
CREATE TABLE contact_change (
    id         TEXT   NOT NULL PRIMARY KEY,
    contact_id TEXT   NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    at_ms      BIGINT NOT NULL,
    user_id    TEXT   REFERENCES user_account (id), -- null: a command on the server did it
    fields     TEXT   NOT NULL              -- JSON: [{field, before, after}], long texts cut
);
-- The changes of a contact, newest first.
CREATE INDEX contact_change_of ON contact_change (contact_id, at_ms, id);

-- A contact's numbers; several contacts may share one.
CREATE TABLE contact_phone (
    contact_id TEXT   NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    number     TEXT   NOT NULL,
    label      TEXT   NOT NULL,
    position   BIGINT NOT NULL,
    PRIMARY KEY (contact_id, number)
);
-- Who has this number: the contact look-up while the phone rings.
CREATE INDEX contact_phone_number ON contact_phone (number, contact_id);

-- Contacts that became part of another one: where their addresses lead, and what was, as long as it can be taken back.
CREATE TABLE contact_merge (
    from_id TEXT   NOT NULL PRIMARY KEY,        -- who is no more
    into_id TEXT   NOT NULL,                    -- who stayed
    task_id TEXT   NOT NULL UNIQUE,             -- takes it back
    made_ms BIGINT NOT NULL,
    kept    TEXT   NOT NULL                     -- JSON: both as they were, and what was moved; empty: it stays as it is
);
-- Who became part of a contact.
CREATE INDEX contact_merge_into ON contact_merge (into_id);
-- What can be taken back no more.
CREATE INDEX contact_merge_made ON contact_merge (made_ms) WHERE kept <> '';

-- Long work: it goes on after a restart, and whoever started it sees how far it is.
CREATE TABLE task (
    id         TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,                 -- import: of the file with the task's id | merge: of two contacts
    state      TEXT   NOT NULL,                 -- waiting | running | done | failed | cancelled | undone
    way        TEXT   NOT NULL,                 -- on | back: it is being undone
    done       BIGINT NOT NULL,                 -- so many of its rows are dealt with; on the way back, still in place
    total      BIGINT NOT NULL,
    user_id    TEXT   REFERENCES user_account (id), -- who began it; null: a command did
    made_ms    BIGINT NOT NULL,
    ended_ms   BIGINT,
    lease_ms   BIGINT NOT NULL,                 -- whoever works at it is believed to until then
    result     TEXT   NOT NULL,                 -- JSON, what came of it so far
    error      TEXT   NOT NULL                  -- JSON, why it failed; or empty
);
-- What is to be worked at.
CREATE INDEX task_open ON task (state, lease_ms, id);

-- Files of clients that came in, kept for as long as what came of them can be taken back.
CREATE TABLE import (
    id        TEXT   NOT NULL PRIMARY KEY,
    user_id   TEXT   REFERENCES user_account (id),
    name      TEXT   NOT NULL,                  -- the file's
    format    TEXT   NOT NULL,                  -- csv | vcf | xlsx
    encoding  TEXT   NOT NULL,
    sheets    TEXT   NOT NULL,                  -- JSON: what a workbook's sheets are called
    sheet     TEXT   NOT NULL,                  -- the one that was read
    rows      BIGINT NOT NULL,
    columns   TEXT   NOT NULL,                  -- JSON: what each column is called, holds and was taken for
    plan      TEXT   NOT NULL,                  -- JSON: what was asked for; empty until it runs
    made_ms   BIGINT NOT NULL
);
-- What has had its time.
CREATE INDEX import_made ON import (made_ms);

-- The rows of such a file, some at a time: so many are dealt with in one transaction.
CREATE TABLE import_part (
    import_id TEXT   NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    position  BIGINT NOT NULL,                  -- of its first row in the file, from 0
    cells     TEXT   NOT NULL,                  -- JSON: the rows, each a list of cells
    outcomes  TEXT   NOT NULL,                  -- JSON: what came of each row; empty until then
    PRIMARY KEY (import_id, position)
);

-- One row a client's number: the contact chosen for it, and its line on the missed board.
-- Made when there is something to keep. Calls of one number take turns at it, after they have locked their own row.
CREATE TABLE client_number (
    number         TEXT   NOT NULL PRIMARY KEY,
    id             TEXT   NOT NULL UNIQUE,
    rev            BIGINT NOT NULL,             -- grows with every change
    contact_id     TEXT,                        -- the one last chosen by a person
    misses         BIGINT NOT NULL,             -- missed calls that nobody has made good
    first_miss_ms  BIGINT,
    last_miss_ms   BIGINT,
    counts_ms      BIGINT,                      -- the first of them that was long enough to owe a call
    last_call_id   TEXT,                        -- the latest missed one: its line and responsible are shown
    tried_ms       BIGINT,                      -- the latest call out that did not reach the client
    taken_by       TEXT   REFERENCES user_account (id),
    taken_ms       BIGINT,
    snoozed_ms     BIGINT,                      -- put off by hand until then, or until the next miss
    closed_ms      BIGINT,                      -- by hand; misses begun before it are closed
    closed_before_ms BIGINT,                    -- what closed_ms was until then, should closing be undone
    reason         TEXT   NOT NULL,
    blocked_ms     BIGINT,                      -- when it was blocked: no card, lead or row of the board comes of it
    blocked_by     TEXT   REFERENCES user_account (id),
    blocked_why    TEXT   NOT NULL
);
-- The blocked numbers, newest first.
CREATE INDEX client_number_blocked ON client_number (blocked_ms, number) WHERE blocked_ms IS NOT NULL;
-- The numbers for which a person chose this contact.
CREATE INDEX client_number_contact ON client_number (contact_id) WHERE contact_id IS NOT NULL;
-- The open board, latest first.
CREATE INDEX client_number_open ON client_number (last_miss_ms, id) WHERE misses > 0;
-- Who was missed and waits no more.
CREATE INDEX client_number_closed ON client_number (last_miss_ms, id)
    WHERE misses = 0 AND last_miss_ms IS NOT NULL AND blocked_ms IS NULL;

-- One row a call. facts is the truth, everything else about the call's course is computed from it.
CREATE TABLE call (
    id             TEXT   NOT NULL PRIMARY KEY,
    former_id      TEXT,                        -- the id it had before a click folded into it
    integration_id TEXT   NOT NULL REFERENCES integration (id),
    callid         TEXT,                        -- null until the PBX has named a click
    facts          TEXT   NOT NULL,             -- JSON, see domain::facts
    rev            BIGINT NOT NULL,             -- grows with every change
    direction      TEXT   NOT NULL,             -- in | out
    state          TEXT   NOT NULL,
    phone          TEXT   NOT NULL,             -- the client's number, normal form
    diversion      TEXT,                        -- our number that was dialled
    user_id        TEXT   REFERENCES user_account (id),
    contact_id     TEXT,                        -- chosen for this call by a person
    started_ms     BIGINT NOT NULL,
    ended_ms       BIGINT,
    second_callid  TEXT,                        -- the call it was transferred to
    click_account  TEXT,                        -- of a click without a name, waiting or claimed: the line it was made from
    due_ms         BIGINT,                      -- when to look whether it is to be settled; never too late
    note           TEXT   NOT NULL,
    note_rev       BIGINT NOT NULL,             -- grows with every note; 0: nobody wrote yet
    note_by        TEXT   REFERENCES user_account (id),
    outcome        TEXT   NOT NULL,             -- an outcome's id, see the setting outcomes; or empty
    UNIQUE (callid, integration_id)             -- in this order: people look for a callid
);
-- History, newest first.
CREATE INDEX call_started ON call (started_ms, id);
-- The calls of a number.
CREATE INDEX call_phone ON call (phone, started_ms, id);
-- The calls of a person.
CREATE INDEX call_user ON call (user_id, started_ms, id) WHERE user_id IS NOT NULL;
-- The calls for which a person chose this contact.
CREATE INDEX call_contact ON call (contact_id, started_ms, id) WHERE contact_id IS NOT NULL;
-- Clicks of which nothing was heard.
CREATE INDEX call_requested ON call (started_ms, id) WHERE state = 'requested';
-- What the settling job takes next; and, since whatever rings or talks is due some day, what is on right now.
CREATE INDEX call_due ON call (due_ms) WHERE due_ms IS NOT NULL;
-- Which calls were transferred to these.
CREATE INDEX call_second ON call (second_callid, integration_id) WHERE second_callid IS NOT NULL;
-- Clicks that wait for the PBX's report, and the calls that have claimed one.
CREATE INDEX call_click ON call (integration_id, phone, started_ms) WHERE click_account IS NOT NULL;
-- A call by the id that it had before a click folded into it.
CREATE UNIQUE INDEX call_former ON call (former_id) WHERE former_id IS NOT NULL;
-- What has just ended, for the cards that still stand.
CREATE INDEX call_ended ON call (ended_ms) WHERE ended_ms IS NOT NULL;

-- What reports count: a narrow row a call that is over, computed from its facts with each change.
CREATE TABLE call_figure (
    call_id    TEXT   NOT NULL PRIMARY KEY REFERENCES call (id) ON DELETE CASCADE ON UPDATE CASCADE,
    started_ms BIGINT NOT NULL,
    direction  TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    phone      TEXT   NOT NULL,
    line       TEXT,                            -- our number that was dialled
    user_id    TEXT,
    wait_s     BIGINT,
    talk_s     BIGINT NOT NULL,
    outcome    TEXT   NOT NULL,
    legs       TEXT   NOT NULL                  -- JSON: [[user's id, seconds that it rang, seconds until he took it or null]]
);
-- The calls of a time.
CREATE INDEX call_figure_started ON call_figure (started_ms);

-- From the first miss that owes a call to the talk that made it good: one row each time that a client waited.
CREATE TABLE missed_episode (
    call_id  TEXT   NOT NULL PRIMARY KEY REFERENCES call (id) ON DELETE CASCADE ON UPDATE CASCADE, -- that miss
    number   TEXT   NOT NULL,
    first_ms BIGINT NOT NULL,
    line     TEXT,
    misses   BIGINT NOT NULL,                   -- missed calls that owe one
    end_ms   BIGINT,                            -- when somebody was talked to; null: he waits, or was closed by hand
    end_way  TEXT,                              -- in: he rang again himself | out: he was called back
    end_user TEXT
);
-- The waiting of a number.
CREATE INDEX missed_episode_number ON missed_episode (number, first_ms);
-- The waiting of a time.
CREATE INDEX missed_episode_first ON missed_episode (first_ms);

-- Up to which call the two tables above were made anew: one row.
CREATE TABLE figure_mark (
    id      BIGINT NOT NULL PRIMARY KEY,        -- always 1
    call_id TEXT   NOT NULL
);

-- A day that is over, put together for reports. A change of what it has voids it.
CREATE TABLE figure_day (
    day        BIGINT NOT NULL PRIMARY KEY,     -- since 1970, in UTC
    rev        BIGINT NOT NULL,                 -- grows with each change
    packed_rev BIGINT,                          -- of which `packed` tells
    format     BIGINT,
    packed     TEXT                             -- domain/counted_day.rs; null: void
);

-- What we said we would do for a client.
CREATE TABLE promise (
    id           TEXT   NOT NULL PRIMARY KEY,
    call_id      TEXT   REFERENCES call (id) ON DELETE SET NULL ON UPDATE CASCADE, -- in which it was made
    number       TEXT   NOT NULL,
    contact_id   TEXT,                          -- a talk on any of his numbers counts
    user_id      TEXT   NOT NULL REFERENCES user_account (id),
    due_ms       BIGINT NOT NULL,
    text         TEXT   NOT NULL,
    made_ms      BIGINT NOT NULL,
    said_ms      BIGINT,                        -- when a person said that it is done
    done_ms      BIGINT,                        -- that, or the end of the first talk since it was made
    done_by_call TEXT,
    rung_ms      BIGINT                         -- when its person was reminded of it
);
-- What is due next, and the list by time.
CREATE INDEX promise_due ON promise (due_ms, id);
-- The promise of a call.
CREATE INDEX promise_call ON promise (call_id);
-- What a talk with this number makes good.
CREATE INDEX promise_number ON promise (number);
-- As much, on another number of the same contact.
CREATE INDEX promise_contact ON promise (contact_id) WHERE contact_id IS NOT NULL;

-- What is searched, in the form of domain::search: a row a client (name, company, e-mail, numbers), a call with a note,
-- and a number that called. Kinds stand apart by their id, and newer after older. The engines index it
-- as search_index (id as rowid, text).
CREATE TABLE search_text (
    id       BIGINT NOT NULL PRIMARY KEY,       -- kind and instant, see store::tables::search_texts
    owner_id TEXT   NOT NULL UNIQUE,            -- a contact's or a call's id, or a number
    text     TEXT   NOT NULL
);

-- Up to which call the numbers stand in search_text: one row.
CREATE TABLE search_mark (
    id      BIGINT NOT NULL PRIMARY KEY,        -- always 1
    call_id TEXT   NOT NULL
);

-- A card put away by a person stays away.
CREATE TABLE dismissal (
    call_id TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE ON UPDATE CASCADE,
    user_id TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    PRIMARY KEY (call_id, user_id)
);

-- What a PBX named and nobody here has a name for: accounts that are nobody's lines, numbers of ours without a label.
CREATE TABLE unnamed (
    kind           TEXT   NOT NULL,             -- account | number
    integration_id TEXT   NOT NULL REFERENCES integration (id),
    name           TEXT   NOT NULL,
    heard_ms       BIGINT NOT NULL,             -- when it was heard first
    nobody_ms      BIGINT,                      -- when a person said that it is nobody: it is not asked for again
    PRIMARY KEY (kind, integration_id, name)
);

-- Tokens with which an outside system allows only so many requests; locked while they are counted.
CREATE TABLE dial_token (
    token_hash TEXT   NOT NULL PRIMARY KEY,     -- SHA-256, hex
    taken_ms   BIGINT NOT NULL
);

-- Requests that still count against their token.
CREATE TABLE dial_slot (
    call_id    TEXT   NOT NULL PRIMARY KEY,
    token_hash TEXT   NOT NULL,
    until_ms   BIGINT NOT NULL
);
-- How many of a token's requests count, and until when.
CREATE INDEX dial_slot_token ON dial_slot (token_hash, until_ms, call_id);

-- The outbox: what goes out to other systems, one row a call and integration. First the call is announced; from then
-- on only its recording's address, when that comes later or changes.
CREATE TABLE delivery (
    id             TEXT   NOT NULL PRIMARY KEY,
    integration_id TEXT   NOT NULL REFERENCES integration (id),
    call_id        TEXT   NOT NULL REFERENCES call (id) ON DELETE CASCADE ON UPDATE CASCADE,
    state          TEXT   NOT NULL,             -- pending | sent | failed | cancelled
    announced_ms   BIGINT,                      -- when the other side accepted the call
    link           TEXT,                        -- the recording's address as it was sent last
    tries          BIGINT NOT NULL,             -- of what is to be sent now
    tried_since_ms BIGINT,                      -- the first of them
    due_ms         BIGINT,                      -- when to try; while one is on its way, when to believe it lost
    error          TEXT   NOT NULL,             -- why the last one failed
    answer         TEXT   NOT NULL,             -- what the other side said last, in its first words
    created_ms     BIGINT NOT NULL,
    changed_ms     BIGINT NOT NULL,
    UNIQUE (call_id, integration_id)
);
-- What the job of each integration takes next.
CREATE INDEX delivery_due ON delivery (integration_id, due_ms) WHERE due_ms IS NOT NULL;
-- What could not be delivered, newest first.
CREATE INDEX delivery_state ON delivery (state, id);

-- Until when an integration that had a fault, or asked for it, is left alone.
CREATE TABLE delivery_rest (
    integration_id TEXT   NOT NULL PRIMARY KEY REFERENCES integration (id) ON DELETE CASCADE,
    until_ms       BIGINT NOT NULL
);

-- The recordings: one row a call of which the PBX has named one. It outlives its call until its file is deleted.
CREATE TABLE recording (
    id             TEXT   NOT NULL PRIMARY KEY, -- its file is named so
    call_id        TEXT   UNIQUE REFERENCES call (id) ON DELETE SET NULL ON UPDATE CASCADE,
    integration_id TEXT   NOT NULL REFERENCES integration (id),
    link           TEXT   NOT NULL,             -- where the PBX has it
    state          TEXT   NOT NULL,             -- waiting | ready | failed | erased
    tries          BIGINT NOT NULL,
    tried_since_ms BIGINT,                      -- the first of them
    due_ms         BIGINT,                      -- when to try; while it is fetched, when to believe that lost
    error          TEXT   NOT NULL,             -- why the last one failed
    media          TEXT   NOT NULL,             -- mp3 | wav | ogg | m4a; empty: there is no file
    size_bytes     BIGINT,
    changed_ms     BIGINT NOT NULL
);
-- What the job of each integration fetches next.
CREATE INDEX recording_due ON recording (integration_id, due_ms) WHERE due_ms IS NOT NULL;
-- What has had its time, and what could not be fetched.
CREATE INDEX recording_state ON recording (state, id);
-- The files whose calls are gone.
CREATE INDEX recording_left ON recording (id) WHERE call_id IS NULL;

-- Who has listened to a call's recording.
CREATE TABLE recording_listener (
    call_id  TEXT   NOT NULL REFERENCES call (id) ON DELETE CASCADE ON UPDATE CASCADE,
    user_id  TEXT   NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    first_ms BIGINT NOT NULL,
    last_ms  BIGINT NOT NULL,
    PRIMARY KEY (call_id, user_id)
);

-- The audit: who did what to people, keys, connections, settings and clients' data.
CREATE TABLE audit (
    id         TEXT   NOT NULL PRIMARY KEY,
    at_ms      BIGINT NOT NULL,
    action     TEXT   NOT NULL,                 -- see domain::audit
    user_id    TEXT,                            -- null: a command on the server
    token      TEXT   NOT NULL,                 -- the name of the API token that it was done with; or empty
    address    TEXT   NOT NULL,                 -- from where; or empty
    about_id   TEXT   NOT NULL,                 -- to whom or what; or empty
    about_name TEXT   NOT NULL,                 -- its name at that time; never a client's
    role       TEXT   NOT NULL,                 -- that was given; or empty
    fields     TEXT   NOT NULL                  -- JSON: which members were changed
);

-- The journal: every push as it came, its token masked, and what was made of it.
CREATE TABLE webhook (
    id             TEXT   NOT NULL PRIMARY KEY,
    integration_id TEXT   NOT NULL,
    received_ms    BIGINT NOT NULL,
    cmd            TEXT   NOT NULL,
    content_type   TEXT   NOT NULL,
    body           TEXT   NOT NULL,
    status         BIGINT NOT NULL,             -- what was answered
    detail         TEXT   NOT NULL,             -- JSON: why it was refused, or what of it is not believed; or empty
    call_id        TEXT
);
-- What of kept pushes was not believed.
CREATE INDEX webhook_doubt ON webhook (id) WHERE status = 200 AND detail <> '';
-- What was refused.
CREATE INDEX webhook_refused ON webhook (id) WHERE status >= 400;
