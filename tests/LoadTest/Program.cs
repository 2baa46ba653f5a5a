using System.CommandLine.Invocation;
using Gateway.LoadTest.Baselines;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Http;
using Gateway.LoadTest.Run;

var command = new LoadArguments().Command(options => { ClientSockets.Configure(); return LoadSession.RunAsync(options); });
foreach (var baseline in BaselineCommand.All) command.Subcommands.Add(baseline);
// How it ends is the session's own business: it still has a report to write then.
var parsed = command.Parse(args);
if (parsed.Action is not ParseErrorAction) return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
return LoadSession.CouldNotRun;
