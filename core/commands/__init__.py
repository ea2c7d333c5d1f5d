"""The subcommands of the command line, one module each: `add_arguments(parser)` and `run(args)`.

They import what is heavy inside `run`, so that `songloom --help` answers at once.
"""
