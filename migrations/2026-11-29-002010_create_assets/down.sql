alter table assets drop constraint assets_custody_fkey;
drop table asset_write_offs;
drop table asset_checks;
drop table custodies;
drop table assets;
