drop table pledge_line_plans;
