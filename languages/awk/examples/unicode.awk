{ print "«" $0 "»" }
