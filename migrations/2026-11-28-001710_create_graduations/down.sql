drop table graduations;
drop table graduation_criteria;
