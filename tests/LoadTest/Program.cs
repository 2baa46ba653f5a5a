using Gateway.LoadTest.Baselines;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Http;
using Gateway.LoadTest.Run;

var command = new LoadArguments().Command(options => { ClientSockets.Configure(); return LoadSession.RunAsync(options); });
foreach (var baseline in BaselineCommand.All) command.Subcommands.Add(baseline);
// How it ends is the session's own business: it still has a report to write then.
return await command.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
