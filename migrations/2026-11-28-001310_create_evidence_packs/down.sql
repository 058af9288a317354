drop table evidence_packs;
