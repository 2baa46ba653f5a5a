using FluentValidation;
using Gateway.Shared.Mediation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Shared.Tests.Mediation;

public sealed class ValidationBehaviorTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddMediation()
        .AddHandlersOf(typeof(ValidationBehaviorTests).Assembly)
        .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

    private IMediator Mediator => _services.GetRequiredService<IMediator>();

    [Fact]
    public async Task Internal_handler_is_registered()
    {
        (await Mediator.Send(new GreetCommand("Mona", 1))).ShouldBe("Hello Mona");
    }

    [Fact]
    public async Task Request_without_a_validator_reaches_its_handler()
    {
        (await Mediator.Send(new CountQuery())).ShouldBe(1);
    }

    [Fact]
    public async Task Handlers_are_singletons()
    {
        await Mediator.Send(new CountQuery());

        (await Mediator.Send(new CountQuery())).ShouldBe(2);
    }

    [Fact]
    public async Task All_validators_run_and_all_errors_are_reported()
    {
        var invalid = await Should.ThrowAsync<ValidationException>(() => Mediator.Send(new GreetCommand("", 0)));

        invalid.Errors.Select(error => error.PropertyName).ShouldBe(["Name", "Times"], ignoreOrder: true);
    }

    [Fact]
    public async Task Invalid_request_does_not_reach_its_handler()
    {
        var handler = (GreetHandler)_services.GetRequiredService<IRequestHandler<GreetCommand, string>>();

        await Should.ThrowAsync<ValidationException>(() => Mediator.Send(new GreetCommand("Mona", 0)));

        handler.Greeted.ShouldBe(0);
    }

    public void Dispose() => _services.Dispose();
}

internal sealed record GreetCommand(string Name, int Times) : IRequest<string>;

internal sealed class GreetHandler : IRequestHandler<GreetCommand, string>
{
    public int Greeted { get; private set; }

    public Task<string> Handle(GreetCommand command, CancellationToken cancellationToken)
    {
        Greeted++;
        return Task.FromResult($"Hello {command.Name}");
    }
}

internal sealed class GreetNameValidator : AbstractValidator<GreetCommand>
{
    public GreetNameValidator() => RuleFor(command => command.Name).NotEmpty().WithMessage("must be said");
}

internal sealed class GreetTimesValidator : AbstractValidator<GreetCommand>
{
    public GreetTimesValidator() => RuleFor(command => command.Times).GreaterThan(0).WithMessage("must be positive");
}

internal sealed record CountQuery : IRequest<int>;

internal sealed class CountHandler : IRequestHandler<CountQuery, int>
{
    private int _count;

    public Task<int> Handle(CountQuery query, CancellationToken cancellationToken) => Task.FromResult(++_count);
}
