using System.Reflection;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport.Servers;
using Microsoft.Playwright;
using Xunit.Sdk;

namespace Gateway.Host.Tests.Servers;

/// <summary><c>GATEWAY_TEST_NO_SERVERS=1</c> hides servers and browsers; tests that need them are skipped.</summary>
[Collection(HiddenServersCollection.Name)]
public sealed partial class HiddenServersTests(HiddenServersTests.FixtureWithServer fixture)
    : IClassFixture<HiddenServersTests.FixtureWithServer>, IDisposable
{
    private const BindingFlags PublicMethods =
        BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private const string Switch = "GATEWAY_TEST_NO_SERVERS";

    // Every Linux has these; all other programs are searched for.
    private static readonly string[] Everywhere = ["cat", "dotnet", "setsid", "sh"];

    private readonly string? _before = Environment.GetEnvironmentVariable(Switch);

    /// <summary>Every method of the test code that returns a server or a browser.</summary>
    private static IReadOnlyList<MethodInfo> Accesses =>
    [
        .. from assembly in new[] { typeof(TestServer).Assembly, typeof(HiddenServersTests).Assembly }
           from type in assembly.GetTypes()
           from method in type.GetMethods(PublicMethods)
           where !type.IsAbstract && method.ReturnType is { IsGenericType: true, GenericTypeArguments: [var given] }
               && (typeof(TestServer).IsAssignableFrom(given) || given == typeof(Backends) || given == typeof(IBrowser))
               && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)
               // What takes a running cluster was given it by another of these methods.
               && method.GetParameters().All(parameter => parameter.ParameterType != typeof(RabbitMqCluster))
           select method,
    ];

    public void Dispose() => Environment.SetEnvironmentVariable(Switch, _before);

    [Fact]
    public async Task Switch_hides_every_server_and_browser()
    {
        Environment.SetEnvironmentVariable(Switch, "1");
        var found = new List<string>();
        foreach (var access in Accesses)
        {
            try
            {
                var owner = access.IsStatic ? null : Activator.CreateInstance(access.DeclaringType!);
                object?[] arguments = [.. access.GetParameters()
                    .Select(one => one.ParameterType == typeof(string) ? (object)"" : Array.Empty<string>())];
                await (Task)access.Invoke(owner, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
                found.Add($"{access.DeclaringType!.Name}.{access.Name}");
            }
            catch (SkipException)
            {
                // Expected.
            }
        }

        Accesses.Count.ShouldBeGreaterThan(7);
        found.ShouldBeEmpty();
    }

    [Fact]
    public void Switch_hides_every_program()
    {
        Environment.SetEnvironmentVariable(Switch, null);
        ServerSource.Program("sh").ShouldNotBeNull();

        Environment.SetEnvironmentVariable(Switch, "1");

        ServerSource.Program("sh").ShouldBeNull();
    }

    [Fact]
    public void Only_ServerSource_searches_for_programs_and_containers()
    {
        foreach (var file in Solution.Files("tests", "*.cs"))
        {
            var (name, text) = (file.Name, file.Text);
            if (name != "ServerSource.cs") text.ShouldNotContain("GetEnvironmentVariable(\"PATH\"", customMessage: name);
            if (Lookup().IsMatch(text)) text.ShouldContain("ServerSource.UseAsync(", customMessage: name);
            StartedProgram().Matches(text).Select(start => start.Groups[1].Value).ShouldBeSubsetOf(Everywhere, name);
        }
    }

    [Fact]
    public void Fixture_that_asks_for_a_server_fails_on_every_machine()
        => fixture.Fault.ShouldBeOfType<InvalidOperationException>().Message.ShouldContain("fixture");

    [Fact]
    public void Servers_are_not_asked_for_inside_an_assertion_that_expects_an_exception()
    {
        var accesses = Accesses
            .Select(access => access.IsStatic ? $"{access.DeclaringType!.Name}.{access.Name}(" : $".{access.Name}(").ToList();

        var asked = from file in Solution.Files("tests", "*.cs")
                    from assertion in ExpectedException().Matches(file.Text)
                    where accesses.Exists(access => assertion.Value.Contains(access, StringComparison.Ordinal))
                    select $"{file.Name}: {assertion.Value}";

        asked.ShouldBeEmpty("the assertion takes the skip for a wrong exception; ask before it");
    }

    [GeneratedRegex(@"\b(using Testcontainers|ExecutablePath\b|GATEWAY_TEST_\w+_UR[IL])")]
    private static partial Regex Lookup();

    [GeneratedRegex("""new ProcessStartInfo\("(\w[^"]*)""")]
    private static partial Regex StartedProgram();

    [GeneratedRegex(@"\b(Should|Assert|Record)\.\w*(Throw|Exception)[^;]*;")]
    private static partial Regex ExpectedException();

    /// <summary>A fixture that starts a server.</summary>
    public sealed class FixtureWithServer : IAsyncLifetime
    {
        public Exception? Fault { get; private set; }

        public async ValueTask InitializeAsync()
        {
            try
            {
                await RedisServer.StartAsync();
            }
            catch (Exception fault)
            {
                Fault = fault;
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>The switch is a variable of the process, so no other test runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HiddenServersCollection
{
    public const string Name = "hidden servers";
}
