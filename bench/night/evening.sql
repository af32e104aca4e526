-- The measured evening: copy the exchange's file, reconcile, charge every client's note, book it, all in one transaction that is durable when it commits.
-- Set-based throughout; a staging table without an index, statistics before the joins, one sort per step. Rates come in as psql variables.
\set ON_ERROR_STOP on
BEGIN;
CREATE TABLE staging (
  traddt date, bizdt date, sgmt text, src text, xchg text, clrmmbid text, brkr text, fininstrmtp text, fininstrmid integer, isin text,
  tckrsymb text, sctysrs text, xprydt text, actlxprydt text, strkpric text, optntp text, fininstrmnm text, clnttp text, clntid text, confsnt text,
  orgnlctdn text, ctdn text, sttlmtp text, sttlmtxid text, side char(1), quantity bigint, lot text, price numeric(14, 4), trade_id text, status text,
  traddttm text, upddt text, order_ref text, ordrdttm text, usr text, ctcl text, regn text, ordrtp text, block text, cycle text, mkt text,
  rmks text, r1 text, r2 text, r3 text, r4 text
);
\copy staging FROM pstdin WITH (FORMAT csv, HEADER true)
ANALYZE staging;

-- One row per trade: repeats once, cancelled ones out; reconciled with ours by key.
CREATE TEMP TABLE matched ON COMMIT DROP AS
SELECT t.clntid AS client, t.sttlmtp || t.sttlmtxid AS settlement, t.side, t.quantity, t.price, t.order_ref, o.product,
       o.trade_id IS NULL OR o.token <> t.fininstrmid OR o.quantity <> t.quantity OR o.price <> t.price AS is_break
FROM (SELECT DISTINCT ON (trade_id, side, clntid) * FROM staging WHERE status <> 'CN' ORDER BY trade_id, side, clntid) t
LEFT JOIN ours o ON o.trade_id = t.trade_id AND o.side = t.side AND o.client = t.clntid;
ANALYZE matched;

-- An order's brokerage is the lower of percentage and flat; the other charges are linear in turnover and rounded once per note.
CREATE TEMP TABLE notes ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY client) AS n, client, settlement, net, brokerage, stt, exchange, ipft, sebi, stamp,
       round((exact_brokerage + exact_exchange + exact_sebi + exact_ipft) * :gst, 2) AS gst
FROM (
  SELECT client, settlement, sum(net) AS net,
         sum(brokerage) AS exact_brokerage, round(sum(brokerage), 2) AS brokerage,
         round(sum(stt), 0) AS stt, sum(turnover) * :exchange AS exact_exchange, round(sum(turnover) * :exchange, 2) AS exchange,
         sum(turnover) * :ipft AS exact_ipft, round(sum(turnover) * :ipft, 2) AS ipft,
         sum(turnover) * :sebi AS exact_sebi, round(sum(turnover) * :sebi, 2) AS sebi, round(sum(stamp), 0) AS stamp
  FROM (
    SELECT client, settlement, order_ref, sum(quantity * price) AS turnover,
           sum(CASE side WHEN 'S' THEN quantity * price ELSE -quantity * price END) AS net,
           least(sum(quantity * price) * 0.0003, 20) AS brokerage,
           sum(quantity * price * CASE WHEN product = 'CNC' AND side = 'B' THEN :cncBuyTax WHEN product = 'CNC' THEN :cncSellTax
                                       WHEN side = 'S' THEN :misSellTax ELSE 0 END) AS stt,
           sum(quantity * price * CASE WHEN side = 'S' THEN 0 WHEN product = 'CNC' THEN :cncBuyStamp ELSE :misBuyStamp END) AS stamp
    FROM matched GROUP BY client, settlement, order_ref
  ) orders GROUP BY client, settlement
) sums;

-- Two entries a client, each with its key for ever; two lines a transfer with the account's running balance; balances.
CREATE TABLE entries (sequence bigint PRIMARY KEY, key text NOT NULL UNIQUE, kind text NOT NULL, business_date date NOT NULL);
CREATE TABLE lines (entry bigint NOT NULL, account text NOT NULL, amount numeric(18, 2) NOT NULL, balance numeric(20, 2) NOT NULL);
CREATE TABLE accounts (account text PRIMARY KEY, debits numeric(20, 2) NOT NULL, credits numeric(20, 2) NOT NULL);
CREATE TEMP TABLE transfers ON COMMIT DROP AS
SELECT n * 2 - 1 AS entry, client, 'TRADE' AS kind, 'CLEARING/NCL-' || settlement AS other, net AS amount FROM notes
UNION ALL
SELECT n * 2, client, 'CHARGES', part.account, -part.amount
FROM notes, LATERAL (VALUES ('BROKERAGE', brokerage), ('LEVIES/STT', stt), ('LEVIES/EXCHANGE', exchange), ('LEVIES/IPFT', ipft),
                            ('LEVIES/SEBI', sebi), ('LEVIES/STAMP', stamp), ('LEVIES/GST', gst)) AS part (account, amount)
WHERE part.amount <> 0;
INSERT INTO entries SELECT DISTINCT entry, kind || ' 20261120 ' || client, kind, date '2026-11-20' FROM transfers;
INSERT INTO lines
SELECT entry, account, amount, sum(amount) OVER (PARTITION BY account ORDER BY entry, amount ROWS UNBOUNDED PRECEDING)
FROM (SELECT entry, 'CLIENT/' || client AS account, amount FROM transfers UNION ALL SELECT entry, other, -amount FROM transfers) both_sides;
CREATE INDEX lines_account ON lines (account, entry);
INSERT INTO accounts
SELECT account, sum(greatest(-amount, 0)), sum(greatest(amount, 0)) FROM lines GROUP BY account;
SELECT 'answer', (SELECT count(*) FROM matched), (SELECT count(*) FROM matched WHERE is_break),
       (SELECT round(sum(debits - credits) * 100) FROM accounts WHERE account LIKE 'CLIENT/%'), (SELECT count(*) FROM entries);
COMMIT;
