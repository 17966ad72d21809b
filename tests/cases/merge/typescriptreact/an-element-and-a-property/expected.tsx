import { Badge } from "./badge.tsx";

export function Greeting({ name, loud }: { name: string; loud: boolean }) {
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
