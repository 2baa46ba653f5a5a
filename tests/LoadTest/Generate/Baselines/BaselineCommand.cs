using System.CommandLine;

namespace Gateway.LoadTest.Generate.Baselines;

/// <summary>Hidden commands that run this program as a baseline server. It stops when its standard input closes.</summary>
internal static class BaselineCommand
{
    public const string Ceiling = "serve-ceiling";
    private const string Publish = "serve-publish";
    private const string RabbitMq = "--rabbitmq";
    private const string Redis = "--redis";

    public static IEnumerable<Command> All => [OfCeiling(), OfPublish()];

    public static IReadOnlyList<string> PublishArguments(string rabbitMq, string? redis)
        => redis is null ? [Publish, RabbitMq, rabbitMq] : [Publish, RabbitMq, rabbitMq, Redis, redis];

    private static Command OfCeiling()
    {
        var command = new Command(Ceiling, "Responds 202 to every request and stores nothing.") { Hidden = true };
        command.SetAction((_, _) => CeilingServer.RunAsync());
        return command;
    }

    private static Command OfPublish()
    {
        var rabbitMq = new Option<string>(RabbitMq) { Required = true };
        var redis = new Option<string?>(Redis);
        var command = new Command(Publish, "Publishes one message per request, then responds 202.") { rabbitMq, redis };
        command.Hidden = true;
        command.SetAction((parsed, _) => PublishServer.RunAsync(parsed.GetValue(rabbitMq)!, parsed.GetValue(redis)));
        return command;
    }
}
