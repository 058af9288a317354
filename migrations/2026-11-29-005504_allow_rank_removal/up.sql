-- An undone merger takes away the ranks that it had carried to the family that goes on; none is ever overwritten.
grant delete on welfare_ranks to sinergi_service;
comment on table welfare_ranks is
'Deciles by source and period: a series, never overwritten, never computed here; what a merger carried goes with its undo';
