-- Reads the student's text, and runs it so that errors are shown with its lines and its plain name.
-- What is needed after the student's code ran is bound here, because that code may replace it.
local loader = {}
local open, exit, stdout, stderr = io.open, os.exit, io.stdout, io.stderr
local write, flush = stderr.write, stdout.flush
local traceback, tostring, type, getmetatable, xpcall = debug.traceback, tostring, type, getmetatable, xpcall
local gmatch, gsub, find, concat = string.gmatch, string.gsub, string.find, table.concat

-- What was printed before a limit ends the run is kept.
stdout:setvbuf("line")

function loader.read()
    local file <close> = assert(open("/code/solution.lua", "rb"))
    -- A first line that begins with # is for the shell.
    return (file:read("a"):gsub("^#[^\n]*", ""))
end

local function show(text)
    flush(stdout)
    write(stderr, "lua: ", text, "\n")
    exit(1)
end

local function describe(message)
    local meta = getmetatable(message)
    if type(message) ~= "string" and not (type(meta) == "table" and meta.__tostring) then
        message = "(error object is a " .. type(message) .. " value)"
    end
    local lines = {}
    for line in gmatch(traceback(tostring(message), 2), "[^\n]+") do
        if find(line, "^\t/code/[^/]*%.lua:%d+: in ") or line == "\t[C]: in ?" then
            -- The frame below called the student's code.
            if lines[#lines] == "\t[C]: in function 'xpcall'" then
                lines[#lines] = nil
            end
        else
            lines[#lines + 1] = line
        end
    end
    return (gsub(concat(lines, "\n"), "/code/", ""))
end

function loader.load(text)
    local chunk, message = load(text, "@solution.lua", "t")
    return chunk or show(message)
end

function loader.call(chunk, ...)
    local fine, value = xpcall(chunk, describe, ...)
    if not fine then
        show(value)
    end
    return value
end

return loader
