# Function mode: the text is the body of `solve`, or defines `solve` itself. It is evaluated as it
# stands, so that its line numbers, magic comments and heredocs stay as written.

# The only names the text sees are its own input and what Ruby has.
def solve(input_str)
  eval(*yield)
end

lambda do
  # Bound here, because the student's code may replace the methods of any class.
  answer_file = File.open("/answer", "r+b")
  write = answer_file.method(:syswrite)
  leave = Process.method(:exit!)
  flush = [$stdout, $stderr].map { |stream| stream.method(:flush) }
  own = method(:method).unbind.bind(self)
  ours = __FILE__
  encode = String.instance_method(:encode)
  bytes = String.instance_method(:b)
  binary = Encoding::BINARY
  utf8 = Encoding::UTF_8

  input = $stdin.binmode.read.force_encoding(utf8)
  source = File.read("/code/solution.rb", encoding: utf8)
  answer = solve(input) { [source, nil, "/code/solution.rb", 1] }
  defined = own.call(:solve)
  answer = defined.call(input) if defined.source_location[0] != ours

  text = String === answer ? answer : "#{answer}"
  text = encode.bind_call(text, utf8) unless [binary, utf8].include?(text.encoding)
  data = "=".b << bytes.bind_call(text)
  flush.each(&:call)
  data = data.byteslice(write.call(data)..) until data.empty?
  leave.call(0)
end.call
