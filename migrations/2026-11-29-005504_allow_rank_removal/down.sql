revoke delete on welfare_ranks from sinergi_service;
comment on table welfare_ranks is 'Deciles by source and period: a series, never overwritten, never computed here';
