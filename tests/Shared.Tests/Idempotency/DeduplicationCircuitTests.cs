using Gateway.Shared.Idempotency;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests.Idempotency;

public sealed class DeduplicationCircuitTests
{
    private const int Opened = 110;
    private const int Closed = 111;
    private const string Reason = "no answer within 50 ms";

    private readonly SteppedTime _time = new();
    private readonly LogLines<DeduplicationCircuitTests> _log = new();
    private readonly DeduplicationCircuit _circuit;

    public DeduplicationCircuitTests() => _circuit = new DeduplicationCircuit(_time, _log);

    [Fact]
    public void Each_failure_pauses_calls_for_a_second_and_the_outage_is_logged_once()
    {
        _circuit.IsPaused.ShouldBeFalse();
        for (var i = 0; i < 3; i++)
        {
            Fail(DeduplicationOperation.LookUp);
            _circuit.IsPaused.ShouldBeTrue();
            _time.Advance(DeduplicationCircuit.Pause);
            _circuit.IsPaused.ShouldBeFalse();
        }

        _log.Ids.ShouldBe([Opened]);
    }

    [Fact]
    public void Circuit_closes_when_every_failed_operation_succeeds_again()
    {
        Fail(DeduplicationOperation.LookUp);
        Fail(DeduplicationOperation.Add);
        _time.Advance(DeduplicationCircuit.Pause);

        Succeed(DeduplicationOperation.LookUp);
        _log.Ids.ShouldBe([Opened]);
        Succeed(DeduplicationOperation.Add);
        _circuit.IsPaused.ShouldBeFalse();
        BeCalm();

        _log.Ids.ShouldBe([Opened, Closed]);
    }

    [Fact]
    public void Redis_near_the_deadline_is_one_outage_with_one_line_at_each_end()
    {
        for (var i = 0; i < 30; i++)
        {
            Fail(DeduplicationOperation.LookUp);
            _time.Advance(DeduplicationCircuit.Pause);
            Succeed(DeduplicationOperation.LookUp);
            _circuit.IsPaused.ShouldBeFalse();
        }

        _log.Ids.ShouldBe([Opened]);
        _circuit.Outage.ShouldBe(Reason);
        BeCalm();
        Succeed(DeduplicationOperation.LookUp);

        _log.Ids.ShouldBe([Opened, Closed]);
        _circuit.Outage.ShouldBeNull();
    }

    [Fact]
    public void Single_slow_call_is_logged_and_is_no_outage()
    {
        Fail(DeduplicationOperation.LookUp);
        Fail(DeduplicationOperation.LookUp);

        _circuit.Outage.ShouldBeNull();
        _log.Ids.ShouldBe([Opened]);
    }

    [Fact]
    public void Success_of_a_call_that_began_before_the_failure_does_not_close_the_circuit()
    {
        var begun = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Fail(DeduplicationOperation.LookUp);

        _circuit.Succeeded(DeduplicationOperation.LookUp, begun);

        _circuit.IsPaused.ShouldBeTrue();
        _log.Ids.ShouldBe([Opened]);
    }

    [Fact]
    public void Failure_of_a_call_that_began_during_the_last_outage_does_not_open_the_circuit()
    {
        var begun = _time.GetTimestamp();
        Fail(DeduplicationOperation.LookUp);
        _time.Advance(DeduplicationCircuit.Pause);
        Succeed(DeduplicationOperation.LookUp);

        _circuit.Failed(DeduplicationOperation.Add, begun, new TimeoutException());

        _circuit.IsPaused.ShouldBeFalse();
    }

    private void Fail(DeduplicationOperation operation)
        => _circuit.Failed(operation, _time.GetTimestamp(), new TimeoutException(Reason));

    private void BeCalm()
    {
        _time.Advance(DeduplicationCircuit.Calm);
        Succeed(DeduplicationOperation.LookUp);
    }

    private void Succeed(DeduplicationOperation operation) => _circuit.Succeeded(operation, _time.GetTimestamp());
}
