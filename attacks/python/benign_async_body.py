#: what     the body of a function may wait: benign
#: id       G-14
#: mode     function
#: expect   ok
#: output   16
import asyncio
await asyncio.sleep(0.01)
return str(int(input_str) ** 2)
