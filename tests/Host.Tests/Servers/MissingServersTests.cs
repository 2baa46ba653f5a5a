using Gateway.TestSupport.Servers;
using Xunit.Sdk;
using Xunit.v3;

namespace Gateway.Host.Tests.Servers;

public sealed class MissingServersTests : IMessageSink
{
    private readonly List<IMessageSinkMessage> _messages = [];

    [Fact]
    public void Missing_server_is_reported_once_with_the_number_of_skipped_tests()
    {
        var missing = new MissingServers(this);
        foreach (var test in new[] { "1", "2", "3" }) missing.OnMessage(Skipped(test, $"Redis{ServerSource.NotFound}"));
        missing.OnMessage(Skipped("4", $"MongoDB{ServerSource.NotFound}"));
        missing.OnMessage(Skipped("5", "not on Windows"));
        _messages.OfType<ITestSkipped>().Single().Reason.ShouldBe("not on Windows");
        _messages.Clear();

        missing.OnMessage(new TestAssemblyFinished
        {
            AssemblyUniqueID = "a",
            ExecutionTime = 0,
            FinishTime = default,
            TestsFailed = 0,
            TestsNotRun = 0,
            TestsSkipped = 5,
            TestsTotal = 5,
        });

        _messages.OfType<ITestStarting>().Select(test => test.TestDisplayName)
            .ShouldBe(["MongoDB was not found", "Redis was not found"]);
        _messages.OfType<ITestSkipped>().Select(test => test.Reason.Split(". ")[0])
            .ShouldBe(["1 tests skipped", "3 tests skipped"]);
        _messages[^1].ShouldBeAssignableTo<ITestAssemblyFinished>();
    }

    public bool OnMessage(IMessageSinkMessage message)
    {
        _messages.Add(message);
        return true;
    }

    private static TestSkipped Skipped(string test, string reason) => new()
    {
        AssemblyUniqueID = "a",
        TestCollectionUniqueID = "c",
        TestClassUniqueID = "class",
        TestMethodUniqueID = "method",
        TestCaseUniqueID = test,
        TestUniqueID = test,
        ExecutionTime = 0,
        FinishTime = default,
        Output = "",
        Warnings = null,
        Reason = reason,
    };
}
