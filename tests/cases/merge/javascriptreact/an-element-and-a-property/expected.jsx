import { Badge } from "./badge.jsx";

export function Greeting({ name, loud }) {
  const text = (loud ? "HELLO " : "Hello ") + name;
  return (
    <p className="greeting warm">
      <b>{text}</b>
    </p>
  );
}

export function Farewell() {
  return <p>Bye</p>;
}
