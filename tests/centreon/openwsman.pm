# A stand-in for openwsman's Perl binding: as much of it as centreon/plugins/wsman.pm calls. It asks no host: what it answers is in the
# file of JSON that load() is given (tests/centreon/played.py writes it from the same files that `mullion simulate` plays).
# It is loaded before everything else, since it also holds the clock still.
package openwsman;

use strict;
use warnings;
use JSON::XS ();

our ($PLAY, $NOW) = (undef, 0);

BEGIN {
    # Waiting moves the clock and takes no time.
    *CORE::GLOBAL::time = sub () { $NOW };
    *CORE::GLOBAL::sleep = sub (;$) { $NOW += $_[0] // 0; return $_[0] };
    require Time::HiRes;
    no warnings 'redefine';
    *Time::HiRes::time = sub () { $NOW };
}

our $NO_AUTH_STR = 'noauth';
our $BASIC_AUTH_STR = 'basic';
our $DIGEST_AUTH_STR = 'digest';
our $PASS_AUTH_STR = 'pass';
our $NTLM_AUTH_STR = 'ntlm';
our $GSSNEGOTIATE_AUTH_STR = 'gssnegotiate';
our $FLAG_ENUMERATION_OPTIMIZATION = 1;

sub load {
    my ($file) = @_;
    local $/;
    open(my $in, '<:raw', $file) or die "openwsman.pm (stand-in): $file: $!\n";
    $PLAY = JSON::XS->new->utf8->decode(<$in>);
    $NOW = $PLAY->{now};
}

sub set_debug { }

# How often each step was taken; what a fault's `nth` counts.
my %taken;

# The fault that is due at this step, or nothing.
sub due {
    my ($step) = @_;
    my $count = ++$taken{$step};
    foreach my $fault (@{$PLAY->{faults}}) {
        return $fault if $fault->{step} eq $step && (!defined $fault->{nth} || $fault->{nth} == $count);
    }
    return undef;
}

# As the binding gives them: bytes, not characters.
sub bytes {
    my ($text) = @_;
    utf8::encode($text) if defined $text;
    return $text;
}

package openwsman::ClientOptions;

sub new { return bless { options => {}, selectors => {} }, shift }
sub set_flags { }
sub set_max_elements { my ($self, $most) = @_; $self->{most} = $most }
sub set_timeout { }
sub add_selector { my ($self, $name, $value) = @_; $self->{selectors}{$name} = $value }
sub add_option { my ($self, $name, $value) = @_; $self->{options}{$name} = $value }

package openwsman::Filter;

sub new { return bless {}, shift }
# The binding sends bytes, and they are UTF-8.
sub wql { my ($self, $query) = @_; utf8::decode($query); $self->{wql} = $query }

# What the binding's transport takes; none of it matters without a wire.
package openwsman::Transport;

our $AUTOLOAD;
sub new { return bless {}, shift }
sub AUTOLOAD { return 0 }

# An element: what is sent and what came back.
package openwsman::XmlNode;

sub new {
    my ($class, $name, %rest) = @_;
    return bless { name => $name, children => [], attributes => {}, text => '', %rest }, $class;
}
sub name { return $_[0]{name} }
sub size { return scalar @{$_[0]{children}} }
sub get { return $_[0]{children}[$_[1]] }
sub string { return "<$_[0]{name}/>" }
sub value { return $_[0]{text} }

# libxml's xmlNodeGetContent: the text of an element with all that is in it, and '' of an empty one (also of a nil one).
sub text {
    my ($self) = @_;
    return join('', $self->{text}, map { $_->text() } @{$self->{children}});
}

sub add {
    my ($self, $namespace, $name, $text) = @_;
    my $child = ref $namespace ? $namespace : openwsman::XmlNode->new($name, text => $text // '');
    push @{$self->{children}}, $child;
    return $child;
}

sub find {
    my ($self, $namespace, $name) = @_;
    return $self if $self->{name} eq $name;
    foreach (@{$self->{children}}) {
        my $found = $_->find($namespace, $name);
        return $found if $found;
    }
    return undef;
}

sub attr_add { my ($self, $namespace, $name, $value) = @_; $self->{attributes}{$name} = $value }
sub attr_find {
    my ($self, $namespace, $name) = @_;
    return undef unless defined $self->{attributes}{$name};
    return openwsman::XmlNode->new($name, text => $self->{attributes}{$name});
}

package openwsman::XmlDoc;

sub new {
    my ($class, $name) = @_;
    return bless { root => openwsman::XmlNode->new($name), fault => 0 }, $class;
}
sub root { return $_[0]{root} }
sub body { return $_[0]{root} }
sub string { return $_[0]{root}->string() }
sub is_fault { return $_[0]{fault} }
sub context { return $_[0]{context} }

package openwsman::Client;

require openwsman::Wql;
require openwsman::Shell;

sub new { return bless { transport => openwsman::Transport->new() }, shift }
sub transport { return $_[0]{transport} }
sub fault_string { return openwsman::bytes($_[0]{fault_string}) }
sub last_error { return $_[0]{last_error} // 0 }

# The answer that is a fault; none at all where nothing came back.
sub fault {
    my ($self, $fault) = @_;
    $self->{fault_string} = $fault->{text};
    $self->{last_error} = $fault->{last_error};
    return undef if ($fault->{do} // 'fault') ne 'fault';
    my $answer = openwsman::XmlDoc->new('Envelope');
    $answer->{fault} = 1;
    return $answer;
}

# ---- Enumerate, Pull, Release ----

sub items {
    my ($self) = @_;
    my $answer = openwsman::XmlDoc->new('Envelope');
    my $items = $answer->root()->add('', 'Items');
    foreach my $row (splice(@{$self->{rows}}, 0, $self->{batch})) {
        my $item = $items->add('', 'XmlFragment');
        # One element for each value of an array, and an empty one for null and for an array of none.
        foreach my $cell (@$row) {
            $item->add('', $cell->[0], openwsman::bytes($_)) foreach (@{$cell->[1]} ? @{$cell->[1]} : (''));
        }
    }
    $answer->{context} = 'uuid:0' if @{$self->{rows}};
    return $answer;
}

sub enumerate {
    my ($self, $options, $filter, $uri) = @_;
    my $fault = openwsman::due('connect') || openwsman::due('enumerate');
    return $self->fault($fault) if $fault;
    my ($namespace) = $uri =~ m{^http://schemas\.microsoft\.com/wbem/wsman/1/wmi/(.*)/\*$}
        or die "openwsman.pm (stand-in): cannot enumerate $uri\n";
    (my $rows, my $refused) = openwsman::Wql::select($openwsman::PLAY->{classes}, $namespace, $filter->{wql});
    return $self->fault({ text => $refused }) if defined $refused;
    $self->{rows} = $rows;
    $self->{batch} = $options->{most} || 20;
    $self->{batch} = $openwsman::PLAY->{batch} if $openwsman::PLAY->{batch} && $openwsman::PLAY->{batch} < $self->{batch};
    return $self->items();
}

sub pull {
    my ($self) = @_;
    my $fault = openwsman::due('pull');
    return $fault ? $self->fault($fault) : $self->items();
}

sub release { return openwsman::XmlDoc->new('Envelope') }

# ---- shells ----

sub create {
    my ($self, $options) = @_;
    my $fault = openwsman::due('connect') || openwsman::due('create');
    return $self->fault($fault) if $fault;
    $self->{shell} = openwsman::Shell->new($openwsman::PLAY, $options->{options}{WINRS_CODEPAGE});
    my $answer = openwsman::XmlDoc->new('Envelope');
    $answer->root()->add('', 'Selector', '7D6C4B8E-0F5A-4E0A-9F5B-1C2D3E4F5A6B');
    return $answer;
}

sub invoke {
    my ($self, $options, $uri, $action, $data) = @_;
    my ($step) = $action =~ m{/(\w+)$};
    my $fault = openwsman::due(lc $step);
    return $self->fault($fault) if $fault;
    my $answer = openwsman::XmlDoc->new('Envelope');
    if ($step eq 'Command') {
        $answer->root()->add('', 'CommandId', $self->{shell}->start($data->root()->find(undef, 'Command')->text()));
    } elsif ($step eq 'Receive') {
        $answer->root()->add($self->{shell}->receive());
    }
    return $answer;
}

1;
