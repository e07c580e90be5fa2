## Cuts the student's code into its leading imports and the rest, when the compiler gets here: one is allowed only
## outside of a procedure, the other goes inside of one. Both have all lines of the code, of which some are empty, so
## that line numbers stay what they are.
import std/[macros, strutils]

const code = staticRead("/code/solution.nim")

proc definesSolve(): bool {.compileTime.} =
  for line in code.splitLines:
    for start in ["proc solve", "func solve"]:
      if line.startsWith(start) and line.len > start.len and line[start.len] in {'*', '(', ' '}:
        return true

proc splitImports(): array[2, seq[string]] {.compileTime.} =
  var leading = true
  var importing = false
  for line in code.splitLines:
    let word = line.split({' ', '\t', '#'}, 1)[0]
    if leading and line.strip.len > 0:
      if word in ["import", "from"]:
        importing = true
      elif word.len > 0 and line[0] != ']':
        leading = false
      elif line[0] == '#':
        importing = false
    let isImport = leading and importing
    result[0].add(if isImport: line else: "")
    result[1].add(if isImport: "" else: line)

# Line and column of the leftmost character of the code that became this node.
proc start(node: NimNode): (int, int) {.compileTime.} =
  result = (node.lineInfoObj.line, node.lineInfoObj.column)
  for child in node:
    let place = start(child)
    if place < result: result = place

# The expressions that are the value of these statements, if the last one is such.
proc values(node: NimNode): seq[NimNode] {.compileTime.} =
  case node.kind
  of nnkStmtList:
    if node.len > 0: result = values(node[^1])
  of nnkIfStmt, nnkWhenStmt, nnkCaseStmt, nnkTryStmt:
    for branch in node:
      if branch.kind in {nnkElifBranch, nnkOfBranch, nnkElse, nnkExceptBranch, nnkStmtList}:
        result.add values(branch[^1])
  of nnkIdent, nnkStrLit..nnkTripleStrLit, nnkInfix, nnkPrefix, nnkCall, nnkCommand, nnkDotExpr, nnkBracketExpr,
      nnkCallStrLit, nnkPar:
    result = @[node]
  else:
    discard

# An included file is statements, and has no value: `solveValue ` is put before each expression that would be one.
proc withValues(body: seq[string]): string {.compileTime.} =
  var lines = body
  let firstLine = start(parseStmt("solve"))[0]
  try:
    for node in values(parseStmt(body.join("\n"))):
      let (line, column) = start(node)
      lines[line - firstLine].insert("solveValue ", column)
  except ValueError:
    discard # The compiler will say where it can not be parsed.
  lines.join("\n")

const isWhole* = definesSolve()

when not isWhole:
  const parts = splitImports()
  static:
    writeFile("/tmp/imports/solution.nim", parts[0].join("\n"))
    writeFile("/tmp/body/solution.nim", withValues(parts[1]))
