//! The behaviour that opens and accepts plain streams, which the library has only as an alpha that drops bursts.

use std::{
    collections::VecDeque,
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll, Waker},
};

use libp2p::{
    Multiaddr, PeerId, Stream, StreamProtocol,
    core::{
        Endpoint,
        transport::PortUse,
        upgrade::{InboundUpgrade, ReadyUpgrade, UpgradeInfo},
    },
    swarm::{
        ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm, NetworkBehaviour,
        NotifyHandler, SubstreamProtocol, THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
        handler::{ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound},
    },
};
use tokio::sync::{mpsc, oneshot};

pub type Opened = oneshot::Sender<Result<Stream, String>>;

/// A stream the other side opened.
pub struct Incoming {
    pub peer: PeerId,
    pub protocol: StreamProtocol,
    pub stream: Stream,
}

#[derive(Debug)]
pub struct Open {
    protocol: StreamProtocol,
    opened: Opened,
}

pub struct Behaviour {
    served: Vec<StreamProtocol>,
    incoming: mpsc::UnboundedSender<Incoming>,
    requests: VecDeque<ToSwarm<Infallible, Open>>,
    waker: Option<Waker>,
}

impl Behaviour {
    pub fn new(served: Vec<StreamProtocol>, incoming: mpsc::UnboundedSender<Incoming>) -> Self {
        Behaviour { served, incoming, requests: VecDeque::new(), waker: None }
    }

    /// Opens a stream over any connection there is; `opened` is dropped when there is none.
    pub fn open(&mut self, peer_id: PeerId, protocol: StreamProtocol, opened: Opened) {
        let event = Open { protocol, opened };
        self.requests.push_back(ToSwarm::NotifyHandler { peer_id, handler: NotifyHandler::Any, event });
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn handler(&self, peer: PeerId) -> Handler {
        Handler {
            peer,
            served: Served(self.served.clone()),
            incoming: self.incoming.clone(),
            requests: VecDeque::new(),
        }
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Handler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler(peer))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler(peer))
    }

    fn on_swarm_event(&mut self, _: FromSwarm) {}

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: THandlerOutEvent<Self>) {
        match event {}
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<ToSwarm<Infallible, THandlerInEvent<Self>>> {
        match self.requests.pop_front() {
            Some(request) => Poll::Ready(request),
            None => {
                self.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

pub struct Handler {
    peer: PeerId,
    served: Served,
    incoming: mpsc::UnboundedSender<Incoming>,
    requests: VecDeque<Open>,
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Open;
    type ToBehaviour = Infallible;
    type InboundProtocol = Served;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Opened;

    fn listen_protocol(&self) -> SubstreamProtocol<Served> {
        SubstreamProtocol::new(self.served.clone(), ())
    }

    fn on_behaviour_event(&mut self, open: Open) {
        self.requests.push_back(open);
    }

    fn poll(
        &mut self,
        _: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, Opened, Infallible>> {
        // No waker: the swarm polls again after each event it hands in.
        match self.requests.pop_front() {
            Some(open) => Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest {
                protocol: SubstreamProtocol::new(ReadyUpgrade::new(open.protocol), open.opened),
            }),
            None => Poll::Pending,
        }
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<Served, Self::OutboundProtocol, (), Opened>,
    ) {
        // Each receiver may be gone: its command has timed out, or the process ends.
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol: (protocol, stream), ..
            }) => {
                let _ = self.incoming.send(Incoming { peer: self.peer, protocol, stream });
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound { protocol, info }) => {
                let _ = info.send(Ok(protocol));
            }
            ConnectionEvent::DialUpgradeError(DialUpgradeError { error, info }) => {
                let _ = info.send(Err(format!("no stream: {error}")));
            }
            _ => {}
        }
    }
}

/// The upgrade that accepts any of several protocols and tells which.
#[derive(Clone)]
pub struct Served(Vec<StreamProtocol>);

impl UpgradeInfo for Served {
    type Info = StreamProtocol;
    type InfoIter = std::vec::IntoIter<StreamProtocol>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.clone().into_iter()
    }
}

impl InboundUpgrade<Stream> for Served {
    type Output = (StreamProtocol, Stream);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, protocol: StreamProtocol) -> Self::Future {
        ready(Ok((protocol, stream)))
    }
}
