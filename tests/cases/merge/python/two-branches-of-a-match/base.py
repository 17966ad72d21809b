def act(command):
    match command:
        case "go":
            return 1
        case "stop":
            return 0
        case _:
            return None
