print(f'«{input()}»')
