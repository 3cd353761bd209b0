-- The database of 0.1.0.sql as a daemon with schema 2 left it, and a job 5 of the occasion “reminder-1 ”, with the space at
-- its end that was kept then.
BEGIN TRANSACTION;
CREATE TABLE action (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  name TEXT NOT NULL,
  verb TEXT NOT NULL,
  job INTEGER,
  position INTEGER,
  number TEXT,
  detail TEXT
);
INSERT INTO "action" VALUES(1,1790000000000,1000,'clerk','import',NULL,NULL,NULL,'15 added, 0 updated, 0 bad');
INSERT INTO "action" VALUES(2,1790000060000,1000,'clerk','start',1,NULL,NULL,NULL);
INSERT INTO "action" VALUES(3,1790000122100,1000,'clerk','start',2,NULL,NULL,NULL);
INSERT INTO "action" VALUES(4,1790000122100,1000,'clerk','pause',2,NULL,NULL,NULL);
INSERT INTO "action" VALUES(5,1790000122100,1000,'clerk','start',3,NULL,NULL,NULL);
INSERT INTO "action" VALUES(6,1790000122100,1000,'clerk','cancel',3,NULL,NULL,NULL);
INSERT INTO "action" VALUES(7,1790000182100,1000,'clerk','start',4,NULL,NULL,NULL);
INSERT INTO "action" VALUES(8,1790000187700,1000,'clerk','hold',NULL,NULL,'2026-08-011','litige');
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER NOT NULL REFERENCES job (id),
  position INTEGER NOT NULL,
  number TEXT NOT NULL,
  revision INTEGER NOT NULL REFERENCES revision (id),
  pipeline TEXT NOT NULL,
  occasion TEXT NOT NULL,
  exclusive INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,      -- how often `sending` was committed
  tries INTEGER NOT NULL DEFAULT 0,        -- failures that count towards the bound
  preparation INTEGER NOT NULL DEFAULT 0,  -- n of the delivery key
  token TEXT,
  unclear INTEGER NOT NULL DEFAULT 0,      -- attempts with this token that ended unclear
  ask INTEGER NOT NULL DEFAULT 0,          -- unknown, and only a person can decide
  not_before INTEGER,
  sending_at INTEGER,
  code TEXT,
  detail TEXT,
  receipt TEXT,
  updated_at INTEGER NOT NULL, resends INTEGER REFERENCES delivery (id),
  UNIQUE (job, position)
);
INSERT INTO "delivery" VALUES(1,1,1,'2026-08-001',1,'invoices','',1,'recorded',1,0,1,'t1',0,0,NULL,1790000060700,NULL,NULL,'{"account":"billing@example.com","at":"2026-09-21T14:14:20.700Z","inferred":false,"message":"1999c0de1"}',1790000060700,NULL);
INSERT INTO "delivery" VALUES(2,1,2,'2026-08-002',2,'invoices','',1,'recorded',1,0,1,'t2',0,0,NULL,1790000061400,NULL,NULL,'{"account":"billing@example.com","at":"2026-09-21T14:14:21.399Z","inferred":false,"message":"1999c0de2"}',1790000061400,NULL);
INSERT INTO "delivery" VALUES(3,1,3,'2026-08-003',3,'invoices','',1,'failed',1,0,1,NULL,0,0,NULL,1790000062100,'recipient_refused','HTTP 400 invalidArgument: Invalid To header',NULL,1790000062100,NULL);
INSERT INTO "delivery" VALUES(4,2,1,'2026-08-012',12,'invoices','',1,'pending',0,0,0,NULL,0,0,NULL,NULL,NULL,NULL,NULL,1790000122100,NULL);
INSERT INTO "delivery" VALUES(5,3,1,'2026-08-013',13,'invoices','',1,'cancelled',0,0,0,NULL,0,0,NULL,NULL,NULL,NULL,NULL,1790000122100,NULL);
INSERT INTO "delivery" VALUES(6,4,1,'2026-08-004',4,'invoices','',1,'recorded',1,0,1,'t6',0,0,NULL,1790000182800,NULL,NULL,'{"account":"billing@example.com","at":"2026-09-21T14:16:22.799Z","inferred":false,"message":"1999c0de6"}',1790000182800,NULL);
INSERT INTO "delivery" VALUES(7,4,2,'2026-08-005',5,'invoices','',1,'sent',1,0,1,'t7',0,0,NULL,1790000183500,NULL,NULL,'{"account":"billing@example.com","at":"2026-09-21T14:16:23.500Z","inferred":false,"message":"1999c0de7"}',1790000183500,NULL);
INSERT INTO "delivery" VALUES(8,4,3,'2026-08-006',6,'invoices','',1,'sending',1,0,1,'t8',0,0,NULL,1790000184200,NULL,NULL,NULL,1790000184200,NULL);
INSERT INTO "delivery" VALUES(9,4,4,'2026-08-007',7,'invoices','',1,'unknown',1,0,1,'t9',1,0,NULL,1790000184900,'answer_lost','curl 56',NULL,1790000184900,NULL);
INSERT INTO "delivery" VALUES(10,4,5,'2026-08-008',8,'invoices','',1,'prepared',1,1,1,'t10',0,0,1790000215600,1790000185600,'unreachable','HTTP 503 backendError',NULL,1790000185600,NULL);
INSERT INTO "delivery" VALUES(11,4,6,'2026-08-009',9,'invoices','',1,'pending',0,0,0,NULL,0,0,NULL,NULL,NULL,NULL,NULL,1790000182100,NULL);
INSERT INTO "delivery" VALUES(12,4,7,'2026-08-010',10,'invoices','',1,'failed',1,0,1,NULL,0,0,NULL,1790000187000,'message_too_large','',NULL,1790000187000,NULL);
INSERT INTO "delivery" VALUES(13,4,8,'2026-08-011',11,'invoices','',1,'skipped',0,0,0,NULL,0,0,NULL,NULL,'held_invoice','litige',NULL,1790000187700,NULL);
INSERT INTO "delivery" VALUES(14,5,1,'2026-08-001',1,'invoices','reminder-1 ',1,'recorded',1,0,1,'t14',0,0,NULL,1790000200500,NULL,NULL,'{"account":"billing@example.com","at":"2026-09-21T14:16:40.500Z","inferred":false,"message":"1999c0d14"}',1790000200500,NULL);
CREATE TABLE event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER NOT NULL,
  json TEXT NOT NULL
);
INSERT INTO "event" VALUES(1,1,'{"at":"2026-09-21T14:14:20.000Z","counts":{"already":0,"cancelled":0,"failed":0,"left":3,"sent":0,"skipped":0,"total":3,"unknown":0},"elapsed":0,"id":"71dfb947775a.1","job":1,"kind":"start","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(2,1,'{"at":"2026-09-21T14:14:20.700Z","counts":{"already":0,"cancelled":0,"failed":0,"left":2,"sent":1,"skipped":0,"total":3,"unknown":0},"delivery":{"cct":"CCT107","file":"FACTURE-2026-08-001.pdf","inferred":false,"number":"2026-08-001","position":1,"recipients":["c1@customer.example"],"state":"sent"},"elapsed":0.7,"id":"71dfb947775a.2","job":1,"kind":"progress","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(3,1,'{"at":"2026-09-21T14:14:21.399Z","counts":{"already":0,"cancelled":0,"failed":0,"left":1,"sent":2,"skipped":0,"total":3,"unknown":0},"delivery":{"cct":"CCT114","file":"FACTURE-2026-08-002.pdf","inferred":false,"number":"2026-08-002","position":2,"recipients":["c2@customer.example"],"state":"sent"},"elapsed":1.4,"id":"71dfb947775a.3","job":1,"kind":"progress","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(4,1,'{"at":"2026-09-21T14:14:22.100Z","counts":{"already":0,"cancelled":0,"failed":1,"left":0,"sent":2,"skipped":0,"total":3,"unknown":0},"delivery":{"cct":"CCT121","code":"recipient_refused","detail":"HTTP 400 invalidArgument: Invalid To header","file":"FACTURE-2026-08-003.pdf","number":"2026-08-003","position":3,"recipients":["c3@customer.example"],"state":"failed"},"elapsed":2.1,"id":"71dfb947775a.4","job":1,"kind":"progress","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(5,1,'{"at":"2026-09-21T14:14:22.100Z","counts":{"already":0,"cancelled":0,"failed":1,"left":0,"sent":2,"skipped":0,"total":3,"unknown":0},"elapsed":2.1,"id":"71dfb947775a.5","job":1,"kind":"complete","pipeline":"invoices","state":"completed"}');
INSERT INTO "event" VALUES(6,2,'{"at":"2026-09-21T14:15:22.100Z","counts":{"already":0,"cancelled":0,"failed":0,"left":1,"sent":0,"skipped":0,"total":1,"unknown":0},"elapsed":0,"id":"71dfb947775a.6","job":2,"kind":"start","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(7,2,'{"at":"2026-09-21T14:15:22.100Z","counts":{"already":0,"cancelled":0,"failed":0,"left":1,"sent":0,"skipped":0,"total":1,"unknown":0},"elapsed":0,"holds":[{"detail":"","kind":"human","since":"2026-09-21T14:15:22.099Z"}],"id":"71dfb947775a.7","job":2,"kind":"paused","pipeline":"invoices","state":"paused"}');
INSERT INTO "event" VALUES(8,3,'{"at":"2026-09-21T14:15:22.100Z","counts":{"already":0,"cancelled":0,"failed":0,"left":1,"sent":0,"skipped":0,"total":1,"unknown":0},"elapsed":0,"id":"71dfb947775a.8","job":3,"kind":"start","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(9,3,'{"at":"2026-09-21T14:15:22.100Z","counts":{"already":0,"cancelled":1,"failed":0,"left":0,"sent":0,"skipped":0,"total":1,"unknown":0},"elapsed":0,"id":"71dfb947775a.9","job":3,"kind":"complete","pipeline":"invoices","state":"cancelled"}');
INSERT INTO "event" VALUES(10,4,'{"at":"2026-09-21T14:16:22.100Z","counts":{"already":0,"cancelled":0,"failed":0,"left":8,"sent":0,"skipped":0,"total":8,"unknown":0},"elapsed":0,"id":"71dfb947775a.10","job":4,"kind":"start","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(11,4,'{"at":"2026-09-21T14:16:22.799Z","counts":{"already":0,"cancelled":0,"failed":0,"left":7,"sent":1,"skipped":0,"total":8,"unknown":0},"delivery":{"cct":"CCT128","file":"FACTURE-2026-08-004.pdf","inferred":false,"number":"2026-08-004","position":1,"recipients":["c4@customer.example"],"state":"sent"},"elapsed":0.7,"id":"71dfb947775a.11","job":4,"kind":"progress","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(12,4,'{"at":"2026-09-21T14:16:23.500Z","counts":{"already":0,"cancelled":0,"failed":0,"left":6,"sent":2,"skipped":0,"total":8,"unknown":0},"delivery":{"cct":"CCT135","file":"FACTURE-2026-08-005.pdf","inferred":false,"number":"2026-08-005","position":2,"recipients":["c5@customer.example"],"state":"sent"},"elapsed":1.4,"id":"71dfb947775a.12","job":4,"kind":"progress","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(13,4,'{"at":"2026-09-21T14:16:24.899Z","counts":{"already":0,"cancelled":0,"failed":0,"left":5,"sent":2,"skipped":0,"total":8,"unknown":1},"delivery":{"cct":"CCT149","code":"answer_lost","detail":"curl 56","file":"FACTURE-2026-08-007.pdf","number":"2026-08-007","position":4,"recipients":["c7@customer.example"],"state":"unknown"},"elapsed":2.8,"id":"71dfb947775a.13","job":4,"kind":"progress","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(14,4,'{"at":"2026-09-21T14:16:27.000Z","counts":{"already":0,"cancelled":0,"failed":1,"left":4,"sent":2,"skipped":0,"total":8,"unknown":1},"delivery":{"cct":"CCT170","code":"message_too_large","detail":"","file":"FACTURE-2026-08-010.pdf","number":"2026-08-010","position":7,"recipients":["c10@customer.example"],"state":"failed"},"elapsed":4.9,"id":"71dfb947775a.14","job":4,"kind":"progress","pipeline":"invoices","state":"running"}');
INSERT INTO "event" VALUES(15,4,'{"at":"2026-09-21T14:16:27.700Z","counts":{"already":0,"cancelled":0,"failed":1,"left":3,"sent":2,"skipped":1,"total":8,"unknown":1},"delivery":{"cct":"CCT177","code":"held_invoice","detail":"litige","file":"FACTURE-2026-08-011.pdf","number":"2026-08-011","position":8,"recipients":["c11@customer.example"],"state":"skipped"},"elapsed":5.6,"id":"71dfb947775a.15","job":4,"kind":"progress","pipeline":"invoices","state":"running"}');
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1');
INSERT INTO "grdb_migrations" VALUES('2');
CREATE TABLE hold (
  id INTEGER PRIMARY KEY,
  job INTEGER REFERENCES job (id),
  pipeline TEXT,
  kind TEXT NOT NULL,
  code TEXT,
  detail TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,              -- ends by itself at this time
  CHECK ((job IS NULL) <> (pipeline IS NULL))
);
INSERT INTO "hold" VALUES(1,2,NULL,'human',NULL,'',1790000122100,NULL);
INSERT INTO "hold" VALUES(2,NULL,'rappels','sender','unreachable','HTTP 403 accountDisabled',1790000187700,NULL);
CREATE TABLE invoice (
  number TEXT PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision (id),
  cct TEXT NOT NULL,
  period TEXT NOT NULL,
  sent_at INTEGER,            -- another system sent it
  held TEXT,                  -- a person's reason
  receipt TEXT,               -- what the record stage wrote; decides nothing
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "invoice" VALUES('2026-08-001',1,'CCT107','2026-08',NULL,NULL,'{"account":"billing@example.com","at":"2026-09-21T14:14:20.700Z","inferred":false,"message":"1999c0de1"}',1790000060700);
INSERT INTO "invoice" VALUES('2026-08-002',2,'CCT114','2026-08',NULL,NULL,'{"account":"billing@example.com","at":"2026-09-21T14:14:21.399Z","inferred":false,"message":"1999c0de2"}',1790000061400);
INSERT INTO "invoice" VALUES('2026-08-003',3,'CCT121','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-004',4,'CCT128','2026-08',NULL,NULL,'{"account":"billing@example.com","at":"2026-09-21T14:16:22.799Z","inferred":false,"message":"1999c0de6"}',1790000182800);
INSERT INTO "invoice" VALUES('2026-08-005',5,'CCT135','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-006',6,'CCT142','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-007',7,'CCT149','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-008',8,'CCT156','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-009',9,'CCT163','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-010',10,'CCT170','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-011',11,'CCT177','2026-08',NULL,'litige',NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-012',12,'CCT184','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-013',13,'CCT191','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-014',14,'CCT198','2026-08',NULL,NULL,NULL,1790000000000);
INSERT INTO "invoice" VALUES('2026-08-015',15,'CCT205','2026-08',1790000000000,NULL,NULL,1790000000000);
CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request TEXT NOT NULL UNIQUE,
  parameters TEXT NOT NULL,   -- what the request asked for, to tell a repetition from a reuse
  pipeline TEXT NOT NULL,
  occasion TEXT NOT NULL,
  filter TEXT NOT NULL,
  test_to TEXT,
  exclusive INTEGER NOT NULL, -- its deliveries claim their invoices
  cancelling INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  total INTEGER NOT NULL DEFAULT 0,
  sent INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  unknown INTEGER NOT NULL DEFAULT 0,
  cancelled INTEGER NOT NULL DEFAULT 0,
  open INTEGER NOT NULL DEFAULT 0,
  already INTEGER NOT NULL DEFAULT 0,
  started_uid INTEGER NOT NULL,
  started_name TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  CHECK (sent + failed + skipped + unknown + cancelled + open = total)
);
INSERT INTO "job" VALUES(1,'0d6f7b2e-1','{"filter":{"limit":3,"numbers":[],"period":"2026-08"},"id":"0d6f7b2e-1","occasion":"","pipeline":"invoices"}','invoices','','{"limit":3,"numbers":[],"period":"2026-08"}',NULL,1,0,'completed',3,2,1,0,0,0,0,0,1000,'clerk',1790000060000,1790000062100);
INSERT INTO "job" VALUES(2,'0d6f7b2e-2','{"filter":{"numbers":[]},"id":"0d6f7b2e-2","occasion":"","pipeline":"invoices"}','invoices','','{"numbers":[]}',NULL,1,0,'paused',1,0,0,0,0,0,1,0,1000,'clerk',1790000122100,NULL);
INSERT INTO "job" VALUES(3,'0d6f7b2e-3','{"filter":{"numbers":[]},"id":"0d6f7b2e-3","occasion":"","pipeline":"invoices"}','invoices','','{"numbers":[]}',NULL,1,1,'cancelled',1,0,0,0,0,1,0,0,1000,'clerk',1790000122100,1790000122100);
INSERT INTO "job" VALUES(4,'0d6f7b2e-4','{"filter":{"numbers":[],"period":"2026-08"},"id":"0d6f7b2e-4","occasion":"","pipeline":"invoices"}','invoices','','{"numbers":[],"period":"2026-08"}',NULL,1,0,'running',8,2,1,1,1,0,3,0,1000,'clerk',1790000182100,NULL);
INSERT INTO "job" VALUES(5,'0d6f7b2e-5','{"filter":{"numbers":["2026-08-001"]},"id":"0d6f7b2e-5","occasion":"reminder-1 ","pipeline":"invoices"}','invoices','reminder-1 ','{"numbers":["2026-08-001"]}',NULL,1,0,'completed',1,1,0,0,0,0,0,0,1000,'clerk',1790000200000,1790000201000);
CREATE TABLE revision (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL,
  content TEXT NOT NULL
);
INSERT INTO "revision" VALUES(1,'2026-08-001','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT107","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-001.pdf","sha256":"0101010101010101010101010101010101010101010101010101010101010101","size_in_bytes":18001},"number":"2026-08-001","period":"2026-08","to":[{"address":"c1@customer.example"}]}');
INSERT INTO "revision" VALUES(2,'2026-08-002','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT114","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-002.pdf","sha256":"0202020202020202020202020202020202020202020202020202020202020202","size_in_bytes":18002},"number":"2026-08-002","period":"2026-08","to":[{"address":"c2@customer.example"}]}');
INSERT INTO "revision" VALUES(3,'2026-08-003','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT121","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-003.pdf","sha256":"0303030303030303030303030303030303030303030303030303030303030303","size_in_bytes":18003},"number":"2026-08-003","period":"2026-08","to":[{"address":"c3@customer.example"}]}');
INSERT INTO "revision" VALUES(4,'2026-08-004','{"attachments":[{"path":"/var/lib/invoiced/inbox/2026-08/conditions.pdf","sha256":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0","size_in_bytes":5120}],"bcc":[{"address":"audit@modele.example"}],"cc":[{"address":"archive@modele.example"}],"cct":"CCT128","fields":{"reference":"+++090/9337/55493+++"},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-004.pdf","sha256":"0404040404040404040404040404040404040404040404040404040404040404","size_in_bytes":18004},"language":"nl","number":"2026-08-004","period":"2026-08","to":[{"address":"c4@customer.example","name":"Zoé Lambert"}]}');
INSERT INTO "revision" VALUES(5,'2026-08-005','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT135","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-005.pdf","sha256":"0505050505050505050505050505050505050505050505050505050505050505","size_in_bytes":18005},"number":"2026-08-005","period":"2026-08","to":[{"address":"c5@customer.example"}]}');
INSERT INTO "revision" VALUES(6,'2026-08-006','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT142","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-006.pdf","sha256":"0606060606060606060606060606060606060606060606060606060606060606","size_in_bytes":18006},"number":"2026-08-006","period":"2026-08","to":[{"address":"c6@customer.example"}]}');
INSERT INTO "revision" VALUES(7,'2026-08-007','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT149","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-007.pdf","sha256":"0707070707070707070707070707070707070707070707070707070707070707","size_in_bytes":18007},"number":"2026-08-007","period":"2026-08","to":[{"address":"c7@customer.example"}]}');
INSERT INTO "revision" VALUES(8,'2026-08-008','{"attachments":[{"path":"/var/lib/invoiced/inbox/2026-08/conditions.pdf","sha256":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0","size_in_bytes":5120}],"bcc":[{"address":"audit@modele.example"}],"cc":[{"address":"archive@modele.example"}],"cct":"CCT156","fields":{"reference":"+++090/9337/55493+++"},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-008.pdf","sha256":"0808080808080808080808080808080808080808080808080808080808080808","size_in_bytes":18008},"language":"nl","number":"2026-08-008","period":"2026-08","to":[{"address":"c8@customer.example","name":"Zoé Lambert"}]}');
INSERT INTO "revision" VALUES(9,'2026-08-009','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT163","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-009.pdf","sha256":"0909090909090909090909090909090909090909090909090909090909090909","size_in_bytes":18009},"number":"2026-08-009","period":"2026-08","to":[{"address":"c9@customer.example"}]}');
INSERT INTO "revision" VALUES(10,'2026-08-010','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT170","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-010.pdf","sha256":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","size_in_bytes":18010},"number":"2026-08-010","period":"2026-08","to":[{"address":"c10@customer.example"}]}');
INSERT INTO "revision" VALUES(11,'2026-08-011','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT177","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-011.pdf","sha256":"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b","size_in_bytes":18011},"number":"2026-08-011","period":"2026-08","to":[{"address":"c11@customer.example"}]}');
INSERT INTO "revision" VALUES(12,'2026-08-012','{"attachments":[{"path":"/var/lib/invoiced/inbox/2026-08/conditions.pdf","sha256":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0","size_in_bytes":5120}],"bcc":[{"address":"audit@modele.example"}],"cc":[{"address":"archive@modele.example"}],"cct":"CCT184","fields":{"reference":"+++090/9337/55493+++"},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-012.pdf","sha256":"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c","size_in_bytes":18012},"language":"nl","number":"2026-08-012","period":"2026-08","to":[{"address":"c12@customer.example","name":"Zoé Lambert"}]}');
INSERT INTO "revision" VALUES(13,'2026-08-013','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT191","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-013.pdf","sha256":"0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d","size_in_bytes":18013},"number":"2026-08-013","period":"2026-08","to":[{"address":"c13@customer.example"}]}');
INSERT INTO "revision" VALUES(14,'2026-08-014','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT198","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-014.pdf","sha256":"0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e","size_in_bytes":18014},"number":"2026-08-014","period":"2026-08","to":[{"address":"c14@customer.example"}]}');
INSERT INTO "revision" VALUES(15,'2026-08-015','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT205","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-015.pdf","sha256":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f","size_in_bytes":18015},"number":"2026-08-015","period":"2026-08","to":[{"address":"c15@customer.example"}]}');
CREATE TABLE sending (
  pipeline TEXT NOT NULL,
  at INTEGER NOT NULL
);
INSERT INTO "sending" VALUES('invoices',1790000060700);
INSERT INTO "sending" VALUES('invoices',1790000061400);
INSERT INTO "sending" VALUES('invoices',1790000062100);
INSERT INTO "sending" VALUES('invoices',1790000182800);
INSERT INTO "sending" VALUES('invoices',1790000183500);
INSERT INTO "sending" VALUES('invoices',1790000184200);
INSERT INTO "sending" VALUES('invoices',1790000184900);
INSERT INTO "sending" VALUES('invoices',1790000185600);
INSERT INTO "sending" VALUES('invoices',1790000187000);
CREATE TABLE staged_invoice (
  import TEXT NOT NULL,
  line INTEGER NOT NULL,
  number TEXT NOT NULL,
  cct TEXT NOT NULL,
  period TEXT NOT NULL,
  content TEXT NOT NULL,
  sent_at INTEGER,
  PRIMARY KEY (import, number)
) WITHOUT ROWID;
INSERT INTO "staged_invoice" VALUES('8a1d',2,'2026-08-014','CCT198','2026-08','{"attachments":[],"bcc":[],"cc":[],"cct":"CCT198","fields":{},"file":{"path":"/var/lib/invoiced/inbox/2026-08/FACTURE-2026-08-014.pdf","sha256":"0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e","size_in_bytes":18014},"number":"2026-08-014","period":"2026-08","to":[{"address":"c14@new.example"}]}',NULL);
CREATE TABLE staged_problem (
  import TEXT NOT NULL,
  line INTEGER NOT NULL,
  field TEXT,
  code TEXT NOT NULL,
  value TEXT NOT NULL
);
INSERT INTO "staged_problem" VALUES('8a1d',3,'to','number_duplicate','x');
CREATE TABLE staged_selection (
  selection TEXT NOT NULL,
  number TEXT NOT NULL,
  PRIMARY KEY (selection, number)
) WITHOUT ROWID;
INSERT INTO "staged_selection" VALUES('5c2e','2026-08-001');
INSERT INTO "staged_selection" VALUES('5c2e','2026-08-002');
CREATE TABLE store (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  identity TEXT NOT NULL,
  epoch TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  trimmed INTEGER NOT NULL DEFAULT 0  -- the newest event that was dropped
, copied_at INTEGER);
INSERT INTO "store" VALUES(1,'9f2c41d07ab3e658','71dfb947775a',1790000000000,0,NULL);
DELETE FROM sqlite_sequence;
INSERT INTO "sqlite_sequence" VALUES('job',5);
INSERT INTO "sqlite_sequence" VALUES('delivery',14);
INSERT INTO "sqlite_sequence" VALUES('event',15);
CREATE INDEX revision_number ON revision (number);
CREATE INDEX invoice_cct ON invoice (cct);
CREATE INDEX invoice_period ON invoice (period);
CREATE INDEX job_unfinished ON job (pipeline) WHERE state NOT IN ('completed', 'cancelled');
CREATE UNIQUE INDEX claim ON delivery (pipeline, occasion, number)
  WHERE exclusive AND state IN ('pending', 'prepared', 'sending', 'unknown', 'sent', 'recorded');
CREATE INDEX delivery_number ON delivery (number);
CREATE INDEX delivery_work ON delivery (pipeline, position, id) WHERE state IN ('pending', 'prepared');
CREATE INDEX delivery_job_state ON delivery (job, state);
CREATE INDEX delivery_sending ON delivery (id) WHERE state = 'sending';
CREATE INDEX delivery_unknown ON delivery (pipeline, id) WHERE state = 'unknown' AND ask = 0;
CREATE INDEX delivery_unrecorded ON delivery (pipeline, id) WHERE state = 'sent';
CREATE INDEX delivery_later ON delivery (pipeline, not_before) WHERE not_before IS NOT NULL;
CREATE UNIQUE INDEX hold_job ON hold (job, kind) WHERE job IS NOT NULL;
CREATE UNIQUE INDEX hold_pipeline ON hold (pipeline, kind) WHERE pipeline IS NOT NULL;
CREATE INDEX sending_at ON sending (pipeline, at);
CREATE INDEX event_job ON event (job, seq);
CREATE INDEX staged_problem_import ON staged_problem (import, line);
COMMIT;
