%% Runs the student's module. In function mode it calls `solve/1` once and keeps the answer.
-module(code_runner).
-export([program/0, function/0]).

program() ->
    start(fun(Module) -> main(Module) end).

main(Module) ->
    case erlang:function_exported(Module, main, 0) of
        true -> Module:main();
        false -> Module:main(init:get_plain_arguments())
    end,
    halt(0).

function() ->
    start(fun(Module) -> keep(Module:solve(read_all([]))) end).

%% In a process of its own: one that ends another that is linked to it shall not end this one.
start(Run) ->
    ok = io:setopts([{encoding, unicode}, binary]),
    ok = io:setopts(standard_error, [{encoding, unicode}]),
    Input = spawn(fun() -> serve(list, []) end),
    {_, Monitor} = spawn_monitor(fun() -> guarded(Input, Run) end),
    receive
        {'DOWN', Monitor, process, _, Reason} ->
            fail(io_lib:format("exception exit: ~tp", [Reason]))
    end.

guarded(Input, Run) ->
    try
        true = group_leader(Input, self()),
        {module, _} = code:load_binary(?MODULE_NAME, "solution.erl", list_to_binary(?MODULE_BYTES)),
        Run(?MODULE_NAME)
    catch
        Class:Reason:Stack ->
            Options = #{stack_trim_fun => fun(Module, _, _) -> Module =:= ?MODULE end, encoding => unicode},
            fail(erl_error:format_exception(Class, Reason, Stack, Options))
    end.

fail(Text) ->
    io:put_chars(standard_error, [Text, $\n]),
    halt(1).

read_all(Parts) ->
    case io:get_chars("", 65536) of
        eof -> lists:append(lists:reverse(Parts));
        Part -> read_all([Part | Parts])
    end.

keep(Answer) ->
    {ok, File} = file:open("/answer", [write, raw, binary]),
    ok = file:write(File, [$=, text(Answer)]),
    halt(0).

text(Answer) when is_list(Answer); is_binary(Answer) ->
    try unicode:characters_to_binary(Answer) of
        Text when is_binary(Text) -> Text;
        _ -> printed(Answer)
    catch
        error:badarg -> printed(Answer)
    end;
text(Answer) ->
    printed(Answer).

printed(Answer) ->
    unicode:characters_to_binary(io_lib:format("~tp", [Answer])).

%% Stands between the student and standard input and output. By itself Erlang makes a list of all that it has
%% read ahead, for each line and each number again, which takes seconds for some thousand lines. Here it
%% keeps that in its compact form and is asked for single lines.
serve(Form, Buffer) ->
    receive
        {io_request, From, Id, Request} when
            element(1, Request) =:= get_line;
            element(1, Request) =:= get_chars;
            element(1, Request) =:= get_until;
            element(1, Request) =:= setopts;
            Request =:= getopts
        ->
            {Reply, NewForm, NewBuffer} = reply(Request, Form, Buffer),
            From ! {io_reply, Id, Reply},
            serve(NewForm, NewBuffer);
        {io_request, _, _, _} = Request ->
            user ! Request,
            serve(Form, Buffer);
        _ ->
            serve(Form, Buffer)
    end.

reply(getopts, Form, Buffer) ->
    {lists:keystore(binary, 1, ask(getopts), {binary, Form =:= binary}), Form, Buffer};
reply({setopts, Options}, Form, Buffer) ->
    NewForm = lists:foldl(
        fun
            (Option, _) when Option =:= binary; Option =:= {binary, true} -> binary;
            (Option, _) when Option =:= list; Option =:= {binary, false} -> list;
            (_, Old) -> Old
        end, Form, Options),
    {ask({setopts, [Option || {Name, _} = Option <- Options, Name =/= binary]}), NewForm, Buffer};
reply({get_line, Prompt}, Form, Buffer) ->
    reply({get_line, latin1, Prompt}, Form, Buffer);
reply({get_line, Encoding, Prompt}, Form, Buffer) ->
    prompt(Prompt),
    {Line, Rest} = line(Buffer),
    {in_form(Line, Encoding, Form), Form, Rest};
reply({get_chars, Prompt, Count}, Form, Buffer) ->
    reply({get_chars, latin1, Prompt, Count}, Form, Buffer);
reply({get_chars, Encoding, Prompt, Count}, Form, Buffer) ->
    prompt(Prompt),
    {Text, Rest} = chars(Count, Buffer),
    {in_form(Text, Encoding, Form), Form, Rest};
reply({get_until, Prompt, Module, Function, Arguments}, Form, Buffer) ->
    reply({get_until, latin1, Prompt, Module, Function, Arguments}, Form, Buffer);
reply({get_until, Encoding, Prompt, Module, Function, Arguments}, Form, Buffer) ->
    prompt(Prompt),
    {Result, Rest} = until(Module, Function, Arguments, [], Buffer),
    {in_form(Result, Encoding, Form), Form, Rest}.

ask(Request) ->
    Id = make_ref(),
    user ! {io_request, self(), Id, Request},
    receive
        {io_reply, Id, Reply} -> Reply
    end.

prompt(Prompt) ->
    case io_lib:format_prompt(Prompt, unicode) of
        "" -> ok;
        Text -> ask({put_chars, unicode, Text})
    end.

%% The rest of a line comes first.
line([]) -> {as_list(ask({get_line, unicode, ""})), []};
line(Buffer) -> {Buffer, []}.

chars(Count, Buffer) when length(Buffer) >= Count ->
    lists:split(Count, Buffer);
chars(Count, Buffer) ->
    case as_list(ask({get_chars, unicode, "", Count - length(Buffer)})) of
        More when is_list(More) -> {Buffer ++ More, []};
        _ when Buffer =/= [] -> {Buffer, []};
        End -> {End, []}
    end.

until(Module, Function, Arguments, State, Buffer) ->
    {Line, []} = line(Buffer),
    try apply(Module, Function, [State, Line | Arguments]) of
        {done, Result, Rest} when is_list(Rest) -> {Result, Rest};
        {done, Result, _} -> {Result, []};
        {more, NewState} -> until(Module, Function, Arguments, NewState, [])
    catch
        _:_ -> {{error, err_func}, []}
    end.

as_list(Text) when is_binary(Text) -> unicode:characters_to_list(Text);
as_list(End) -> End.

in_form(Text, Encoding, binary) when is_list(Text) -> unicode:characters_to_binary(Text, unicode, Encoding);
in_form(Result, _, _) -> Result.
