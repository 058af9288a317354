drop table webhook_progress;
drop table webhook_deliveries;
drop table webhooks;
