using System.Collections.Concurrent;
using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Gateway.TestSupport.Servers;

/// <summary>
/// The test framework of every test project: it reports a missing server once, with the number of tests that were skipped.
/// <c>dotnet test</c> prints three lines per skipped test and has no option against it; a bare machine skips 1,000.
/// </summary>
public sealed class MissingServersFramework(string? configFile) : XunitTestFramework(configFile)
{
    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) => new Executor(base.CreateExecutor(assembly));

    private sealed class Executor(ITestFrameworkExecutor executor) : ITestFrameworkExecutor
    {
        public ValueTask RunTestCases(
            IReadOnlyCollection<ITestCase> testCases, IMessageSink executionMessageSink,
            ITestFrameworkExecutionOptions executionOptions, CancellationToken? cancellationToken)
            => executor.RunTestCases(testCases, new MissingServers(executionMessageSink), executionOptions, cancellationToken);
    }
}

/// <summary>Collects the tests that a missing server skips, and reports their number when the project ends.</summary>
internal sealed class MissingServers(IMessageSink sink) : IMessageSink
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ITestSkipped>> _skipped = new();

    public bool OnMessage(IMessageSinkMessage message)
    {
        // An explicit test that was not asked for is not a skipped one; dotnet test would print three lines for it.
        if (message is ITestNotRun) return true;
        if (message is ITestSkipped skipped && skipped.Reason.EndsWith(ServerSource.NotFound, StringComparison.Ordinal))
        {
            _skipped.GetOrAdd(skipped.Reason, _ => new()).Enqueue(skipped);
            return true;
        }

        if (message is ITestAssemblyFinished)
        {
            foreach (var (reason, tests) in _skipped.OrderBy(server => server.Key)) Report(reason, tests.First(), tests.Count);
        }

        return sink.OnMessage(message);
    }

    private void Report(string reason, ITestSkipped first, int count)
    {
        sink.OnMessage(new TestStarting
        {
            AssemblyUniqueID = first.AssemblyUniqueID,
            TestCollectionUniqueID = first.TestCollectionUniqueID,
            TestClassUniqueID = null,
            TestMethodUniqueID = null,
            TestCaseUniqueID = reason,
            TestUniqueID = reason,
            TestDisplayName = reason,
            TestLabel = null,
            Explicit = false,
            StartTime = first.FinishTime,
            Timeout = 0,
            Traits = new Dictionary<string, IReadOnlyCollection<string>>(),
        });
        sink.OnMessage(new TestSkipped
        {
            AssemblyUniqueID = first.AssemblyUniqueID,
            TestCollectionUniqueID = first.TestCollectionUniqueID,
            TestClassUniqueID = null,
            TestMethodUniqueID = null,
            TestCaseUniqueID = reason,
            TestUniqueID = reason,
            ExecutionTime = 0,
            FinishTime = first.FinishTime,
            Output = "",
            Warnings = null,
            Reason = $"{count} tests skipped. tests/run-all.sh installs what is missing and runs all tests.",
        });
        sink.OnMessage(new TestFinished
        {
            AssemblyUniqueID = first.AssemblyUniqueID,
            TestCollectionUniqueID = first.TestCollectionUniqueID,
            TestClassUniqueID = null,
            TestMethodUniqueID = null,
            TestCaseUniqueID = reason,
            TestUniqueID = reason,
            Attachments = new Dictionary<string, TestAttachment>(),
            ExecutionTime = 0,
            FinishTime = first.FinishTime,
            Output = "",
            Warnings = null,
        });
    }
}
