drop table change_requests;
