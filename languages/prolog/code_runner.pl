% Loads the student's text and runs main/0 of it (program mode) or solve/2 (function mode), or only
% reads it (check).
:- module(code_runner, [program/0, function/0, check/0]).

source('/code/solution.pl').

program :-
    prepare,
    load(Module),
    (   retract(entry(Goal))
    ->  run(Goal)
    ;   current_predicate(Module:main/0)
    ->  run(Module:main)
    ;   true
    ),
    halt(0).

function :-
    prepare,
    read_string(user_input, _, Input),
    load(Module),
    run(Module:solve(Input, Answer)),
    (   var(Answer)
    ->  print_message(error, format('solve/2 left its answer unbound', [])),
        halt(1)
    ;   text(Answer, Text)
    ),
    flush_output(user_output),
    flush_output(user_error),
    open('/answer', write, File, [encoding(utf8)]),
    write(File, =),
    write(File, Text),
    close(File),
    halt(0).

% What was printed before a limit ends the run is kept: lines are not held back.
prepare :-
    set_prolog_flag(encoding, utf8),
    forall(member(Stream, [user_input, user_output, user_error]),
           set_stream(Stream, encoding(utf8))),
    set_stream(user_output, buffer(line)),
    prompt(_, '').

run(Goal) :-
    (   catch_with_backtrace(Goal, Error, failed(Error))
    ->  true
    ;   Goal = _:Plain,
        functor(Plain, Name, Arity),
        print_message(error, format('~w/~w failed', [Name, Arity])),
        halt(1)
    ).

% An error that run/1 is to catch gets its backtrace. The library that makes it is loaded then: it would
% double the time that each run takes to start.
:- multifile user:prolog_exception_hook/4.
:- dynamic user:prolog_exception_hook/4.

user:prolog_exception_hook(error(Error, context(Context, Message)),
                           error(Error, context(prolog_stack(Frames), Message)), Frame, Catcher) :-
    \+ atom(Catcher),
    Guard = system:catch_with_backtrace/3,
    prolog_frame_attribute(Catcher, predicate_indicator, Guard),
    Context \= prolog_stack(_),
    use_module(library(prolog_stack)),
    prolog_stack:get_prolog_backtrace(20, Frames, [frame(Frame), guard(Guard)]).

failed(unwind(halt(Status))) :-
    !,
    halt(Status).
failed(error(Error, context(prolog_stack(Frames), Message))) :-
    !,
    % Without the frames of this file.
    (   append(OwnFrames, [frame(_, _, Catch)|_], Frames),
        strip_module(Catch, _, catch(_, _, code_runner:_))
    ->  true
    ;   OwnFrames = Frames
    ),
    calls(Error, OwnFrames, Calls),
    print_message(error, called(Calls, error(Error, context(prolog_stack(OwnFrames), Message)))),
    halt(1).
failed(Error) :-
    print_message(error, unhandled_exception(Error)),
    halt(1).

% Where the failing goal is called, if the frames do not tell: after a last call the frame of its caller
% is gone. If several places may be meant, only those of an unknown predicate are named.
calls(Error, Frames, Calls) :-
    source(File),
    \+ memberchk(frame(_, pred_line(_, File:_), _), Frames),
    Frames = [frame(_, _, Called)|_],
    strip_module(Called, _, Goal),
    walk(Error, Goal),
    findall(Call, retract(call_at(Call)), Calls0),
    sort(Calls0, Calls),
    (   Calls = [_]
    ->  true
    ;   Error = existence_error(procedure, _)
    ),
    !.
calls(_, _, []).

walk(existence_error(procedure, _), Goal) :-
    !,
    prolog_walk_code([undefined(trace), on_trace(note_call(Goal))]).
walk(_, Goal) :-
    functor(Goal, Name, Arity),
    functor(General, Name, Arity),
    prolog_walk_code([undefined(ignore), trace_reference(_:General), on_trace(note_call(Goal))]).

:- dynamic call_at/1.

note_call(Goal, Callee, _, Place) :-
    (   strip_module(Callee, _, Plain),
        subsumes_term(Plain, Goal),
        phrase(prolog:message_location(Place), [url(File:Line:_)|_]),
        source(File)
    ->  assertz(call_at(url(File:Line)))
    ;   true
    ).

:- multifile prolog:message//1.

prolog:message(called(Calls, Error)) -->
    '$messages':translate_message(Error),
    code_runner:called_at(Calls).

called_at([]) -->
    [].
called_at([Call|Calls]) -->
    [nl, 'Called at '-[], Call],
    called_at(Calls).

text(Answer, Text) :-
    (   Answer = [_|_],
        catch(text_to_string(Answer, Text), _, fail)
    ->  true
    ;   format(string(Text), '~w', [Answer])
    ).

%   Loading

:- dynamic entry/1.

load(Module) :-
    source(File),
    load_files(user:File, [silent(true)]),
    flag(code_runner_errors, Errors, Errors),
    (   Errors > 0
    ->  halt(1)
    ;   true
    ),
    (   module_property(Module, file(File))
    ->  true
    ;   Module = user
    ).

% The goals a text asks to start with, so that main/0 is not run twice.
system:term_expansion((:- Directive), []) :-
    source(File),
    prolog_load_context(source, File),
    code_runner:entry_of(Directive, Goal),
    prolog_load_context(module, Module),
    (   code_runner:entry(_)
    ->  true
    ;   assertz(code_runner:entry(Module:Goal))
    ).
system:term_expansion((?- main), Expansion) :-
    system:term_expansion((:- main), Expansion).

entry_of(main, main).
entry_of(initialization(main), main).
entry_of(initialization(Goal, main), Goal).

%   Messages name the text's file without its folder. Only their first line begins with what they are.

:- multifile user:message_hook/3.
:- dynamic user:message_hook/3.

user:message_hook(Term, Kind, Lines) :-
    code_runner:tag(Kind, Tag),
    code_runner:show(Term, Tag, Lines).

tag(error, 'ERROR') :-
    flag(code_runner_errors, Errors, Errors + 1).
tag(warning, 'Warning').

show(Term, Tag, Lines) :-
    maplist(plain_element, Lines, PlainLines),
    with_output_to(string(Text), print_message_lines(current_output, '~N', PlainLines)),
    split_string(Text, "\n", "\n", [First|Rest]),
    flush_output(user_output),
    format(user_error, '~w: ', [Tag]),
    (   source_location(Path, Line),
        Term \= error(syntax_error(_), _)
    ->  plain(Path, Name),
        format(user_error, '~w:~d: ', [Name, Line])
    ;   true
    ),
    format(user_error, '~w~n', [First]),
    forall(member(More, Rest), format(user_error, '    ~w~n', [More])).

plain_element(Element, Plain) :-
    (   Element = url(Place)
    ->  plain_place(Place, PlainPlace),
        Plain = url(PlainPlace)
    ;   Plain = Element
    ).

plain_place(Place:Number, Plain:Number) :-
    !,
    plain_place(Place, Plain).
plain_place(Path, Plain) :-
    plain(Path, Plain).

plain(Path, Name) :-
    (   atom_concat('/code/', Name, Path)
    ->  true
    ;   Name = Path
    ).

%   Reading only. Directives are not run, but for operators and for libraries, which may define some.

check :-
    prepare,
    source(File),
    open(File, read, Stream),
    repeat,
        catch(read_term(Stream, Term, [module(user), syntax_errors(error)]), Error, true),
        (   nonvar(Error)
        ->  print_message(error, Error),
            fail
        ;   operators(Term),
            Term == end_of_file
        ),
    !,
    flag(code_runner_errors, Errors, Errors),
    (   Errors > 0
    ->  halt(1)
    ;   halt(0)
    ).

operators(Term) :-
    (   operators_of(Term)
    ->  true
    ;   true
    ).

operators_of((:- op(Priority, Type, Names))) :-
    catch(op(Priority, Type, user:Names), _, true).
operators_of((:- module(_, Exports))) :-
    forall(member(op(Priority, Type, Names), Exports),
           catch(op(Priority, Type, user:Names), _, true)).
operators_of((:- use_module(library(Library)))) :-
    catch(use_module(user:library(Library)), _, true).
operators_of((:- use_module(library(Library), _))) :-
    operators_of((:- use_module(library(Library)))).
