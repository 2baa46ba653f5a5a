using System.Net;
using System.Reflection;
using Gateway.Shared.Errors;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Architecture;

/// <summary>Alerts select log messages by their event id.</summary>
public sealed class LogEventTests
{
    private const BindingFlags AllMethods = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
        | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly List<(int Id, MethodInfo Method)> Methods =
    [
        .. from assembly in Solution.Assemblies
           from type in assembly.GetTypes()
           from method in type.GetMethods(AllMethods)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (message.EventId, method),
    ];

    /// <summary>Texts of the settings, or of parts that are clean already: they may be longer.</summary>
    private static readonly string[] OwnTexts =
    [
        "SourceReloader.LogKept(errors)", "SourceReloader.LogWarning(warning)", "ReadinessMonitor.LogNotReady(reasons)",
        "OperationsLog.TrafficSummary(pending)", "OperatorKeyReloader.LogReloaded(keys)",
        "OperatorKeyReloader.LogKept(errors)",
    ];

    /// <summary>A new type joins only if its text is the gateway's own and short.</summary>
    private static bool IsPlain(Type type)
        => type == typeof(OutsideText) || type.IsPrimitive || type.IsEnum || type == typeof(Guid) || type == typeof(TimeSpan)
            || type == typeof(IPAddress)
            || typeof(ILogger).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type)
            || (Nullable.GetUnderlyingType(type) is { } value && IsPlain(value));

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    [Fact]
    public void Log_messages_take_texts_as_outside_texts()
        => (from message in Methods
            from parameter in message.Method.GetParameters()
            where !IsPlain(parameter.ParameterType)
            select $"{NameOf(message.Method)}({parameter.Name})")
            .ShouldBe(OwnTexts, ignoreOrder: true);

    [Fact(Explicit = true)]
    public void Every_log_message_has_an_event_id_of_its_own()
    {
        Methods.ShouldNotBeEmpty();
        Methods.GroupBy(message => message.Id).Where(same => same.Count() > 1 || same.Key <= 0)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(message => NameOf(message.Method)))}")
            .ShouldBeEmpty();
    }
}
