"""The links: one thread each that reads, and a clock that delivers on any that is bound."""

import socket
import ssl
import threading
import time
from collections.abc import Callable

from simulators.smsc import wire
from simulators.smsc.centre import Centre, Delivery
from simulators.smsc.faults import Fault, Faults
from simulators.smsc.wire import Packet

DELAY_S = 1.0
_WINDOW = 10
_REFUSALS: dict[Fault | None, int] = {
    Fault.THROTTLE: wire.THROTTLED,
    Fault.FULL: wire.FULL,
    Fault.REFUSE: wire.BAD_DESTINATION,
}


class Link:
    """One connection of the other side's."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.is_bound = False
        self.sent: dict[int, Delivery] = {}
        self.drops_on_answer = False
        self._sequence = 0
        self._lock = threading.Lock()
        self._is_over = False

    def number(self) -> int:
        with self._lock:
            self._sequence += 1
            return self._sequence

    def charge(self, delivery: Delivery) -> int:
        """Remember what is about to be sent; return its number, 0 when the link is over."""
        sequence = self.number()
        with self._lock:
            if self._is_over:
                return 0
            self.sent[sequence] = delivery
        return sequence

    def end(self) -> list[Delivery]:
        """Say that the link is over; return what was sent and not answered, the last one first."""
        with self._lock:
            self._is_over, self.is_bound = True, False
            return list(reversed(self.sent.values()))

    def put(self, packet: Packet, *, split: bool = False) -> None:
        octets = packet.to_bytes()
        try:
            with self._lock:
                for piece in (bytes((octet,)) for octet in octets) if split else (octets,):
                    self.connection.sendall(piece)
        except OSError:
            self.close()

    def respond(self, packet: Packet, status: int = wire.OK, name: str | None = None) -> None:
        body = b"" if name is None else wire.named(name)
        self.put(Packet(packet.command | wire.RESPONSE, status, packet.sequence, body))

    def close(self) -> None:
        self.is_bound = False
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            self.connection.close()


class Exchange:
    """All links. `submits` counts the submit_sm that came, throttled ones included."""

    def __init__(self, centre: Centre, faults: Faults, names: tuple[str, str]) -> None:
        self._centre = centre
        self._faults = faults
        self._names = names
        self._links: list[Link] = []
        self._lock = threading.Lock()
        self.submits = 0

    def serve(self, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        """Take what calls, for ever."""
        while True:
            connection, _ = listener.accept()
            # Octets that are sent apart must arrive apart.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._hold, args=(connection, context), daemon=True).start()

    def bound(self) -> list[Link]:
        with self._lock:
            return [link for link in self._links if link.is_bound]

    def drop(self) -> None:
        """Cut every link."""
        for link in self.bound():
            link.close()

    def ask_to_leave(self) -> None:
        """Unbind every link."""
        for link in self.bound():
            link.put(Packet(wire.UNBIND, 0, link.number()))

    def deliver(self) -> None:
        """Send what is due."""
        for link in self.bound():
            while link.is_bound and len(link.sent) < _WINDOW and (next_ := self._centre.due()):
                self._deliver(link, next_)

    def _deliver(self, link: Link, delivery: Delivery) -> None:
        sequence = link.charge(delivery)
        if not sequence:
            return self._centre.put_back(delivery)
        fault = self._faults.next(of_delivery=True)
        link.drops_on_answer = fault is Fault.DROP_ANSWERED
        packet = Packet(wire.DELIVER, 0, sequence, delivery.text.to_bytes())
        link.put(packet, split=fault is Fault.SPLIT)
        if fault is Fault.DUPLICATE:
            link.put(packet)
        elif fault is Fault.DUPLICATE_ANEW:
            link.put(Packet(wire.DELIVER, 0, link.number(), packet.body))
        elif fault is Fault.DROP_SENT:
            link.close()
        return None

    def _hold(self, connection: socket.socket, context: ssl.SSLContext | None) -> None:
        try:
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True)
        except OSError:
            return connection.close()
        link = Link(connection)
        with self._lock:
            self._links.append(link)
        try:
            for packet in wire.read_packets(connection):
                self._take(link, packet)
        except (OSError, ValueError):
            pass
        finally:
            with self._lock:
                self._links.remove(link)
            for delivery in link.end():
                self._centre.put_back(delivery)
            connection.close()

    def _take(self, link: Link, packet: Packet) -> None:
        if packet.command == wire.BIND:
            self._bind(link, packet)
        elif packet.command == wire.SUBMIT:
            self._submit(link, packet)
        elif packet.command == wire.DELIVER | wire.RESPONSE:
            self._answered(link, packet)
        elif packet.command == wire.ENQUIRE:
            link.respond(packet)
        elif packet.command == wire.UNBIND:
            link.is_bound = False
            link.respond(packet)
            link.close()
        elif packet.command == wire.UNBIND | wire.RESPONSE:
            link.close()
        elif not packet.command & wire.RESPONSE:
            link.put(Packet(wire.NACK, wire.UNKNOWN, packet.sequence))

    def _bind(self, link: Link, packet: Packet) -> None:
        name, password = wire.parse_bind(packet.body)
        if name != self._names[0]:
            return link.respond(packet, wire.BAD_SYSTEM)
        if password != self._names[1]:
            return link.respond(packet, wire.BAD_PASSWORD)
        link.respond(packet, wire.OK, "smsc")
        link.is_bound = True
        return None

    def _answered(self, link: Link, packet: Packet) -> None:
        if link.drops_on_answer:
            return link.close()
        delivery = link.sent.pop(packet.sequence, None)
        if delivery is not None and packet.status != wire.OK:
            self._centre.put_back(delivery)
        return None

    def _submit(self, link: Link, packet: Packet) -> None:
        self.submits += 1
        fault = self._faults.next(of_delivery=False)
        if not link.is_bound:
            return link.respond(packet, wire.NOT_BOUND)
        if fault is Fault.DROP_BEFORE:
            return link.close()
        if fault in _REFUSALS:
            return link.respond(packet, _REFUSALS[fault])
        text = wire.parse_text(packet.body)
        status, message_id = self._centre.submit(text)
        answer = _answer(link, packet, status, message_id)
        if fault is Fault.DROP_AFTER:
            link.close()
        elif fault is Fault.DELAY:
            threading.Timer(DELAY_S, answer).start()
        elif fault is Fault.RECEIPT_FIRST:
            threading.Timer(DELAY_S / 2, answer).start()
        elif fault is not Fault.SILENT:
            answer()
        if text.wants_receipt and status == wire.OK:
            for _ in range(2 if fault is Fault.RECEIPT_TWICE else 1):
                self._centre.receipt(text, message_id, late=fault is Fault.RECEIPT_LATE)
        return None


def _answer(link: Link, packet: Packet, status: int, message_id: str) -> Callable[[], None]:
    return lambda: link.respond(packet, status, message_id if status == wire.OK else None)


def listen(port: int) -> socket.socket:
    """Open the port for links; it may still be closing after the process before."""
    for _ in range(20):
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            time.sleep(0.1)
    return socket.create_server(("127.0.0.1", port))
