using System.CommandLine.Invocation;
using Gateway.LoadTest;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Generate.Baselines;
using Gateway.LoadTest.Generate.Http;

var command = new LoadArguments().Command(options => { ClientSockets.Configure(); return LoadSession.RunAsync(options); });
foreach (var baseline in BaselineCommand.All) command.Subcommands.Add(baseline);
// The session handles Ctrl+C itself, because it still writes the report.
var parsed = command.Parse(args);
if (parsed.Action is not ParseErrorAction) return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
return LoadSession.CouldNotRun;
