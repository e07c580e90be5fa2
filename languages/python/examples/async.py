import asyncio

await asyncio.sleep(0.01)
return input_str + "!"
