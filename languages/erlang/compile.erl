#!/usr/bin/env escript
%% Compiles the student's module, and then the harness with the result inside.
-mode(compile).

-define(SOURCE, "solution.erl").

main(_) ->
    ok = file:set_cwd("/code"),
    ok = io:setopts([{encoding, unicode}]),
    {Module, Student} = student(),
    Options = [binary, {d, 'MODULE_NAME', Module}, {d, 'MODULE_BYTES', binary_to_list(Student)}],
    {ok, _, Binary} = compile:file("code_runner.erl", Options),
    ok = file:write_file("/artifact", Binary).

student() ->
    Options = [{source_name, ?SOURCE}, {default_encoding, utf8}, {location, {1, 1}}, {includes, ["."]}],
    {ok, Parsed} = epp:parse_file(?SOURCE, Options),
    %% Everything can be called from outside: nobody has to export `main` or `solve`.
    case compile:forms(with_module(Parsed), [binary, return, export_all, nowarn_export_all]) of
        {ok, Module, Binary, Warnings} ->
            say("warning", Warnings),
            {Module, Binary};
        {error, Errors, Warnings} ->
            say("error", Errors),
            say("warning", Warnings),
            halt(1)
    end.

with_module([File | Forms]) ->
    case [Name || {attribute, _, module, Name} <- Forms] of
        [] -> [File, {attribute, {1, 1}, module, solution} | Forms];
        _ -> [File | Forms]
    end.

say(Severity, Files) ->
    [say(Severity, File, Message) || {File, Messages} <- Files, Message <- Messages].

%% The argument of a body is not its author's.
say("warning", _, {_, erl_lint, {unused_var, 'Input_str'}}) ->
    ok;
say(Severity, File, {Place, Module, Description}) ->
    io:format("~ts~ts: ~ts: ~ts~n", [File, place(Place), Severity, Module:format_error(Description)]).

place({Line, Column}) -> io_lib:format(":~w:~w", [Line, Column]);
place(Line) when is_integer(Line) -> io_lib:format(":~w:1", [Line]);
place(_) -> "".
