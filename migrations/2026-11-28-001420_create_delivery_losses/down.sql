drop table delivery_losses;
