greeting = "Hello"
puts greeting
puts (greeting + ]
