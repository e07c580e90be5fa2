# Runs the student's text in an interpreter of its own, so that whatever it redefines there, this
# script still has what it needs.
#
# program:  the text is a script.
# function: the text is the body of `solve`, or a script that defines it. It is never changed, so that
#           its line numbers stay as written.
# check:    only compiles the text, and says where it can not be parsed.

set name solution.tcl
set source /code/$name

proc read_file {path} {
    set channel [open $path]
    fconfigure $channel -encoding utf-8
    try {
        return [read $channel]
    } finally {
        close $channel
    }
}

proc defines_solve {text} {
    regexp -line {^[ \t]*proc[ \t]+(::)?solve[ \t]} $text
}

# The line of each procedure's body, as far as a look at the text can tell.
proc procedures {text} {
    set lines {}
    set line 0
    foreach part [split $text \n] {
        incr line
        if {[regexp {^\s*proc\s+(\S+)} $part -> procedure]} {
            dict set lines [namespace tail $procedure] $line
        }
    }
    return $lines
}

# Tcl counts the lines of a procedure from its body on; here they become lines of the file.
proc with_file_lines {trace procedures} {
    global name source
    set inner 0
    set result {}
    foreach line [split $trace \n] {
        if {[regexp {^    \("(?:while|for|foreach|lmap|try|eval)" body line (\d+)\)$} $line -> number]} {
            incr inner [expr {$number - 1}]
        } elseif {[regexp {^    \(file "(.*)" line (\d+)\)$} $line -> file number]} {
            if {$file eq $source} {
                set line "    (file \"$name\" line [expr {$number + $inner}])"
            }
            set inner 0
        } elseif {[regexp {^    \(procedure "(.*)" line (\d+)\)$} $line -> procedure number]} {
            set known [namespace tail $procedure]
            if {[dict exists $procedures $known]} {
                set number [expr {[dict get $procedures $known] + $number - 1 + $inner}]
                set line "    (procedure \"$procedure\" in $name line $number)"
            }
            set inner 0
        }
        lappend result $line
    }
    return [join $result \n]
}

proc fail {options procedures} {
    catch {flush stdout}
    set trace [dict get $options -errorinfo]
    # Not the frames of this script.
    regsub {\n    invoked from within\n"(source -encoding utf-8 /code/|interp eval student ).*} $trace {} trace
    puts stderr "error: [with_file_lines $trace $procedures]"
    exit 1
}

proc student {} {
    global argv name
    interp create student
    interp eval student [list set argv0 $name]
    interp eval student [list set argv [lrange $argv 1 end]]
    interp eval student {set argc [llength $argv]; set tcl_interactive 0}
}

proc run_source {} {
    global source
    interp eval student [list source -encoding utf-8 $source]
}

proc run_program {} {
    global source
    student
    try {
        run_source
    } on error {- options} {
        fail $options [procedures [read_file $source]]
    }
}

proc run_function {} {
    global source
    set input [read stdin]
    set text [read_file $source]
    set procedures [procedures $text]
    student
    try {
        if {[defines_solve $text]} {
            run_source
        } else {
            dict set procedures solve 1
            interp eval student [list proc solve input_str $text]
        }
        set answer [interp eval student [list solve $input]]
    } on error {- options} {
        fail $options $procedures
    }
    catch {flush stdout}
    set channel [open /answer w]
    fconfigure $channel -encoding utf-8 -translation lf
    puts -nonewline $channel "=$answer"
    close $channel
    exit 0
}

# The places at which a script can not be parsed. Tcl finds them when it compiles, and compiles nothing
# that is only the text of a word: bodies of procedures and namespaces are looked into here.
proc syntax_errors {text first} {
    proc probe {} $text
    set code [::tcl::unsupported::getbytecode proc probe]
    set literals [dict get $code literals]
    set commands [dict get $code commands]
    set pushed {}
    set errors {}
    dict for {address instruction} [dict get $code instructions] {
        if {[regexp {^push\d @(\d+)$} $instruction -> index]} {
            lappend pushed [lindex $literals $index]
        } elseif {[lindex $instruction 0] eq "syntax"} {
            lassign [lrange $pushed end-1 end] message options
            set place [place $text $commands $address [dict get $options -errorinfo]]
            lappend errors [line_at $text $place $first] [lindex [split $message \n] 0]
        }
    }
    foreach command $commands {
        set script [dict get $command script]
        set start [dict get $command scriptfrom]
        if {[catch {lindex $script 0} word] || $word ni {proc namespace} || [llength $script] != 4} {
            continue
        }
        set body [lindex $script 3]
        set inside [string last "\{$body\}" $script]
        if {$inside >= 0} {
            lappend errors {*}[syntax_errors $body [line_at $text [expr {$start + $inside}] $first]]
        }
    }
    return $errors
}

# The innermost command there; or in it the one that could not even be told from the next.
proc place {text commands address trace} {
    set place 0
    foreach command $commands {
        dict with command {
            if {$codefrom <= $address && $address <= $codeto && $scriptfrom > $place} {
                set place $scriptfrom
            }
        }
    }
    if {[regexp {while executing\n"(.*)"$} $trace -> start]} {
        regsub {\.\.\.$} $start {} start
        set place [expr {max($place, [string first $start $text $place])}]
    }
    return $place
}

proc line_at {text place first} {
    expr {$first + [regexp -all \n [string range $text 0 $place-1]]}
}

proc check {} {
    global name source
    set errors [syntax_errors [read_file $source] 1]
    foreach {line message} [lsort -integer -stride 2 $errors] {
        puts "$name:$line: $message"
    }
    exit [expr {$errors ne {}}]
}

foreach channel {stdin stdout stderr} {
    fconfigure $channel -encoding utf-8
}
switch [lindex $argv 0] {
    program run_program
    function run_function
    check check
}
