import asyncio

await asyncio.sleep(0.001)
return input_str + '!'
