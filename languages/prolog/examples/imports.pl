:- use_module(library(apply)).

split_string(Input_str, " ", "", Words),
maplist([Word, Number]>>number_string(Number, Word), Words, Numbers),
msort(Numbers, Sorted),
atomic_list_concat(Sorted, ' ', Answer).
