:- use_module(library(lists)).

append(first second, Answer).
