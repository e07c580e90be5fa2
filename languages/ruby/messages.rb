# What was printed before a limit ends the run is kept.
$stdout.sync = true

# An error that nobody rescued is shown with the plain name of the file it happened in.
at_exit do
  error = $!
  next if error.nil? || SystemExit === error || SignalException === error
  text = error.full_message(highlight: false, order: :top)
  # Ruby writes causes behind the error as if they were errors of their own.
  while (error = error.cause)
    cause = error.full_message(highlight: false, order: :top)
    text = text.delete_suffix(cause) + "caused by " + cause if text.end_with?(cause)
  end
  lines = text.lines.reject { |line| line.include?("/code/harness.rb:") }
  $stdout.flush
  $stderr.write(lines.join.gsub("/code/", ""))
  exit!(1)
end
