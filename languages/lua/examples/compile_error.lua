local greeting = "Hello"
print(greeting)
print(greeting .. )
