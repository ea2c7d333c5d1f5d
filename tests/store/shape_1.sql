CREATE TABLE listeners (
    id VARCHAR(64) NOT NULL,
    language VARCHAR(8) NOT NULL,
    preferences JSON NOT NULL,
    created DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE songloom (
    name VARCHAR(40) NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE takes (
    id VARCHAR(32) NOT NULL,
    owner VARCHAR(64) NOT NULL,
    title VARCHAR(200) NOT NULL,
    style VARCHAR(40) NOT NULL,
    engine VARCHAR(40) NOT NULL,
    request JSON NOT NULL,
    weights VARCHAR(80) NOT NULL,
    random_seed INTEGER NOT NULL,
    midi BLOB NOT NULL,
    take_index INTEGER NOT NULL,
    new_from INTEGER NOT NULL,
    seconds DOUBLE NOT NULL,
    kept BOOLEAN NOT NULL,
    created DATETIME NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX takes_of_owner ON takes (owner, kept, created);
CREATE TABLE take_versions (
    take VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    what VARCHAR(200) NOT NULL,
    midi BLOB NOT NULL,
    created DATETIME NOT NULL,
    PRIMARY KEY (take, number),
    FOREIGN KEY(take) REFERENCES takes (id) ON DELETE CASCADE
);
INSERT INTO songloom (name, value) VALUES ('schema', 1)
