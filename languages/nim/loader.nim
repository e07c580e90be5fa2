## Takes the student's code in as text, and not as a module, because its solve is not exported. It stays free of
## imports: the code would see what they bring.
from code_parts import nil

when code_parts.isWhole:
  include "/code/solution.nim"
else:
  include "/tmp/imports/solution.nim"

  proc solve(input_str: string): string =
    template solveValue(expression: typed) {.used.} =
      when expression is string: result = expression
      else: expression
    # `await` outside of an async procedure runs the event loop until the future is there.
    when declared(waitFor):
      template await[T](future: Future[T]): T {.used.} = waitFor(future)
      template await(future: Future[void]) {.used.} = waitFor(future)
    include "/tmp/body/solution.nim"

proc solveInput*(input: string): string =
  let answer = solve(input)
  when answer is string:
    answer
  elif compiles(waitFor(answer)):
    $waitFor(answer)
  else:
    $answer
