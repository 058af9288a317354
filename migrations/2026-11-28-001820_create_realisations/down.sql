drop view realisations;
