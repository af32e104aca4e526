-- Before the clock starts: our own trades, as a broker's database would hold them in the evening, indexed and analysed.
CREATE TABLE ours (
  trade_id text NOT NULL, side char(1) NOT NULL, client text NOT NULL, token integer NOT NULL,
  quantity bigint NOT NULL, price numeric(14, 4) NOT NULL, product text NOT NULL
);
\copy ours FROM pstdin WITH (FORMAT csv)
CREATE UNIQUE INDEX ours_key ON ours (trade_id, side, client);
VACUUM (ANALYZE) ours;
