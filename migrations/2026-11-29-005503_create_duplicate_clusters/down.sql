drop table duplicate_clusters;
