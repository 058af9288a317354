alter table deliberations drop column is_special;
