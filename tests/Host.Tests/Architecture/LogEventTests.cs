using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Architecture;

/// <summary>Alerts select log messages by their event id.</summary>
public sealed class LogEventTests
{
    private const BindingFlags AllMethods = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
        | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly List<(int Id, string Method)> Messages =
    [
        .. from assembly in Solution.Assemblies
           from type in assembly.GetTypes()
           from method in type.GetMethods(AllMethods)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (message.EventId, $"{type.Name}.{method.Name}"),
    ];

    [Fact(Explicit = true)]
    public void Every_log_message_has_an_event_id_of_its_own()
    {
        Messages.ShouldNotBeEmpty();
        Messages.GroupBy(message => message.Id).Where(same => same.Count() > 1 || same.Key <= 0)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(message => message.Method))}")
            .ShouldBeEmpty();
    }
}
